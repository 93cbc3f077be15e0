/* SPDX-License-Identifier: MIT */
/* What a flush of old translations costs (tests/inject/flush.c). */
#pragma once

/* flush=cost cpus=N on the command line, on all CPUs. */
void flush_test(const char *what);

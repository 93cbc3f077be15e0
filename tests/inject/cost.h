/* SPDX-License-Identifier: MIT */
/* What the kernel's own operations cost (tests/inject/cost.c). */
#pragma once

/* cost=memory on the command line: the allocators, on the first CPU. */
void cost_test(const char *what);

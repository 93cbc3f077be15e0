/* SPDX-License-Identifier: MIT */
/* The whole of igvminfo but main(), so that tests can call it. */
#pragma once

/* Returns the exit status, enum tool_exit. */
int info_run(int argc, char **argv);

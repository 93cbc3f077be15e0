/* SPDX-License-Identifier: MIT */
/* The whole of igvmmeasure but main(), so that tests can call it. */
#pragma once

/* Returns the exit status, enum tool_exit. */
int measure_run(int argc, char **argv);

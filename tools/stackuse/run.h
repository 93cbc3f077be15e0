/* SPDX-License-Identifier: MIT */
/* The whole of stackuse but main(), so that tests can call it. */
#pragma once

/* Returns the exit status, enum tool_exit. */
int stackuse_run(int argc, char **argv);

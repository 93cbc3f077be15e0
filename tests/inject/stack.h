/* SPDX-License-Identifier: MIT */
/* Tests of the kernel's stacks (tests/inject/stack.c). */
#pragma once

/* stack=WHAT on the command line: runs on each CPU, as its last act before the
 * request loop. */
void stack_test(const char *what);

/* SPDX-License-Identifier: MIT */
/* Control flow of tests that C cannot say (leap.S). */
#pragma once

#include <stdint.h>

/* act(at), and back with 0; *rsp holds what RSP has to be at leap_back, from
 * which it is back with 1. */
uint64_t leap(void (*act)(void *at), void *at, uint64_t *rsp);
void leap_back(void);

/* Interrupts that wait come now. */
void interrupts_let(void);

/* SPDX-License-Identifier: MIT */
/*
 * States of a program that explore.c runs: which were seen before. One is all of
 * the program's data but what is APART, and what is added: the CPUs' stacks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of variables: no part of a state, and not put back. */
#define APART __attribute__((section("apart")))

/* None is seen so far. The program's data is kept, the first time, and put back
 * as it was then, later. */
void state_keep(void);
void state_restore(void);
/* As it is now, it shall be put back. */
void state_keep_this(void);

/* Between the two: what else belongs to the state. False: it is known. */
void state_begin(void);
bool state_end(void);
void state_add(const void *bytes, size_t size);

/* How many were seen. */
uint64_t state_count(void);

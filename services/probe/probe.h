/* SPDX-License-Identifier: MIT */
/* The probe's parts, and how each says what went wrong. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/sys.h"

/* A system call as it is: no errno, no wrapper. */
long probe_call(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/* Where the answer's text goes; empty: all was as it should be. */
extern char probe_text[512];
/* Keeps the first text alone. False, so that it can be returned. */
__attribute__((format(printf, 1, 2))) bool probe_wrong(const char *format, ...);
/* What call @what gave, and had to give. */
bool probe_want(const char *what, long got, long want);

/* False: something was not as it should be; probe_text says what. */
bool calls_right(void);
bool calls_pointers(void);
bool memory_rights(void);
bool memory_heap(void);
bool state_cpuid(void);
bool state_same(void);
/* Gives the answer in *m and takes the next request into it. */
void state_hold(struct sys_message *m);

/* 10,000 calls; @wild: with anything, on anything. */
bool storm_run(uint32_t seed, bool wild);

/* They end the service, or answer what they saw. */
void harm_trap(uint32_t number);
void harm_touch(uint32_t place, bool write);
void harm_jump(uint32_t place);
void harm_message(uint32_t kind, struct sys_message *m);
void harm_recurse(void);

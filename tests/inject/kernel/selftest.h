/* SPDX-License-Identifier: MIT */
/* The test kernel's part in start-up: tests/inject/selftest.c. */
#pragma once

#include <stdbool.h>

#include "abi/boot/params.h"

struct trap_frame;

void selftest_init(const struct params *params);
void selftest_apart(void);
void selftest_cpu(void);
bool selftest_trap(struct trap_frame *frame);

/* SPDX-License-Identifier: MIT */
/* The test kernel's part in start-up: tests/inject/selftest.c. */
#pragma once

#include "abi/boot/params.h"

void selftest_init(const struct params *params);
void selftest_cpu(void);

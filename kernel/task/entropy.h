/* SPDX-License-Identifier: MIT */
/*
 * Random bytes from the processor. Never short: where there is no entropy the
 * VM ends, since keys made without it are worse than none.
 */
#pragma once

#include <stdint.h>

void entropy_fill(void *to, uint64_t size);

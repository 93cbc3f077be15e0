/* SPDX-License-Identifier: MIT */
/* The log's way out: a 16550 at COM1. */
#pragma once

#include <stdint.h>

void serial_init(void);

/* A port that never gets ready costs a bounded time. */
void serial_write(const char *text, uint64_t size);

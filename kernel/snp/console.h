/* SPDX-License-Identifier: MIT */
/*
 * The first serial port (16550 at 0x3F8) through the GHCB: the host reads
 * every word and may drop any; failures are ignored, for there is nobody else
 * to tell. Callers hold the log's lock.
 */
#pragma once

#include <stdint.h>

/* Programs the port; once, before console_write. */
void console_init(void);

/* Nothing happens before this CPU has its GHCB, or without console_init. */
void console_write(const char *text, uint64_t size);

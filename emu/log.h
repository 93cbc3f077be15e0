/* SPDX-License-Identifier: MIT */
/*
 * The emulator's log: lines on port 0xe9, "emu: " in front. Usable from the
 * first C line on and from any processor; callers hold the big lock or run
 * alone, else lines may mix.
 */
#pragma once

#include <stdint.h>

/* lib/fmt.h conversions; a newline is added. Cut at 512 bytes. */
__attribute__((format(printf, 1, 2))) void log_line(const char *format, ...);

/* Only if option "trace" is on. */
__attribute__((format(printf, 1, 2))) void log_trace(const char *format, ...);

/* One byte as it is (guest's debug output). */
void log_byte(uint8_t byte);

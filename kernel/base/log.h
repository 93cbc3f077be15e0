/* SPDX-License-Identifier: MIT */
/*
 * The log: a bounded ring in private memory, and a copy of each line for the
 * host's console when that was asked for. Never log a secret: the host reads.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LOG_PREFIX   "[SVSM] "
#define LOG_LINE_MAX 160 /* with prefix and newline; longer ones are cut */

/* From now on lines also go to platform->log_write; also sends what the ring
 * collected before. */
void log_console_on(void);

/* One line, no newline at its end. Takes the log's lock. */
__attribute__((format(printf, 1, 2))) void log_line(const char *format, ...);

/* The same without taking the lock: for panic alone. */
__attribute__((format(printf, 1, 2))) void log_panic(const char *format, ...);

/* Copies the newest text out, oldest first; returns its length. */
uint64_t log_read(char *to, uint64_t size);

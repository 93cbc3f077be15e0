/* SPDX-License-Identifier: MIT */
/* The log ring. Positions count all bytes ever written and never wrap. */
#include "kernel/base/log.h"

#include <stdarg.h>

#include "kernel/base/lock.h"
#include "kernel/base/platform.h"
#include "lib/fmt.h"
#include "lib/str.h"

#define LOG_RING 4096u /* a power of two */

static struct spinlock log_lock;
static char ring[LOG_RING];
static uint64_t ring_end;
static bool console;

static void ring_put(const char *text, uint64_t size)
{
	uint64_t i;

	for (i = 0; i < size; i++)
		ring[(ring_end + i) % LOG_RING] = text[i];
	ring_end += size;
}

/* One whole line to ring and console: a line is one write, so that lines of
 * several CPUs never mix. It is put together in a buffer of the caller's, not
 * on the stack: fatal traps end here, on stacks of one page. */
static void line_put(char line[LOG_LINE_MAX], const char *format, va_list args)
{
	const uint64_t prefix = sizeof(LOG_PREFIX) - 1;
	uint64_t room = LOG_LINE_MAX - prefix - 1;
	uint64_t size;

	memcpy(line, LOG_PREFIX, prefix);
	size = fmt_vprint(line + prefix, room, format, args);
	if (size >= room)
		size = room - 1;
	line[prefix + size] = '\n';
	size += prefix + 1;
	ring_put(line, size);
	if (console)
		platform->log_write(line, size);
}

void log_line(const char *format, ...)
{
	static char line[LOG_LINE_MAX]; /* the lock's */
	va_list args;

	va_start(args, format);
	spin_lock(&log_lock);
	line_put(line, format, args);
	spin_unlock(&log_lock);
	va_end(args);
}

void log_panic(const char *format, ...)
{
	static char line[LOG_LINE_MAX]; /* one CPU panics, and once */
	va_list args;

	va_start(args, format);
	line_put(line, format, args);
	va_end(args);
}

uint64_t log_read(char *to, uint64_t size)
{
	uint64_t held = ring_end < LOG_RING ? ring_end : LOG_RING;
	uint64_t n = size < held ? size : held;
	uint64_t from = ring_end - n;
	uint64_t i;

	for (i = 0; i < n; i++)
		to[i] = ring[(from + i) % LOG_RING];
	return n;
}

void log_console_on(void)
{
	uint64_t from;
	uint64_t n;

	spin_lock(&log_lock);
	from = ring_end < LOG_RING ? 0 : ring_end - LOG_RING;
	while (from < ring_end) {
		n = LOG_RING - from % LOG_RING;
		if (n > ring_end - from)
			n = ring_end - from;
		platform->log_write(ring + from % LOG_RING, n);
		from += n;
	}
	console = true;
	spin_unlock(&log_lock);
}

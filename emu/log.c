/* SPDX-License-Identifier: MIT */
/* Text to port 0xe9. */
#include "emu/log.h"

#include "emu/machine.h"
#include "hw/io.h"
#include "lib/fmt.h"

#define LOG_PORT 0xe9
#define LOG_LINE 512u

void log_byte(uint8_t byte)
{
	hw_outb(LOG_PORT, byte);
}

static void log_text(const char *s)
{
	while (*s)
		log_byte((uint8_t)*s++);
}

__attribute__((format(printf, 1, 0))) static void log_args(const char *format,
							   va_list args)
{
	char line[LOG_LINE];

	fmt_vprint(line, sizeof(line), format, args);
	log_text("emu: ");
	log_text(line);
	log_byte('\n');
}

void log_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_args(format, args);
	va_end(args);
}

void log_trace(const char *format, ...)
{
	va_list args;

	if (!machine.options.trace)
		return;
	va_start(args, format);
	log_args(format, args);
	va_end(args);
}

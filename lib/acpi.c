/* SPDX-License-Identifier: MIT */
/* Header, sum, and the walk over records. */
#include "lib/acpi.h"

#include <stdarg.h>

#include "lib/fmt.h"

#define RECORD_HEAD 2u

enum err acpi_refuse(struct acpi_words *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fmt_vprint(why->text, sizeof(why->text), format, args);
	va_end(args);
	return ERR_FORMAT;
}

uint8_t acpi_sum(const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	uint8_t sum = 0;

	while (size--)
		sum = (uint8_t)(sum + *p++);
	return sum;
}

const char *acpi_table_fault(const void *bytes, size_t size,
			     const char *signature)
{
	struct acpi_header h;

	if (size < sizeof(h))
		return "no room for a table";
	memcpy(&h, bytes, sizeof(h));
	if (signature && memcmp(h.signature, signature, 4) != 0)
		return "wrong signature";
	if (h.length < sizeof(h) || h.length > size)
		return "impossible length";
	return acpi_sum(bytes, h.length) == 0 ? NULL : "wrong checksum";
}

void acpi_seal(struct acpi_header *table)
{
	table->checksum = 0;
	table->checksum = (uint8_t)-acpi_sum(table, table->length);
}

struct acpi_records acpi_records(const struct acpi_header *table, size_t head)
{
	struct acpi_records r = { cursor_make(table, table->length) };

	cursor_skip(&r.c, head);
	return r;
}

bool acpi_record_next(struct acpi_records *records, struct acpi_record *out)
{
	struct cursor *c = &records->c;

	if (!cursor_left(c))
		return false;
	out->bytes = c->at;
	out->type = cursor_u8(c);
	out->length = cursor_u8(c);
	/* Shorter than its own head: the walk would stand still. */
	if (out->length < RECORD_HEAD)
		c->failed = true;
	else
		cursor_skip(c, out->length - RECORD_HEAD);
	return !c->failed;
}

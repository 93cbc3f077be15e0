/* SPDX-License-Identifier: MIT */
/*
 * The form that all ACPI tables share: header, checksum, and records of a type
 * and a length (MADT, SRAT). ACPI 6.5, 5.2.6. Pure: the caller owns the bytes,
 * which nobody else may write meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "abi/acpi.h"
#include "lib/cursor.h"
#include "lib/err.h"

/* Why a table was refused: one line, made by acpi_refuse(). */
struct acpi_words {
	char text[112];
};

/* Fills in the words; always ERR_FORMAT. */
__attribute__((format(printf, 2, 3))) must_check enum err
acpi_refuse(struct acpi_words *why, const char *format, ...);

uint8_t acpi_sum(const void *bytes, size_t size);

/* Why the bytes are no table with that signature (4 characters; NULL: any):
 * a few words; NULL if they are one. Its length is <= size then. */
const char *acpi_table_fault(const void *bytes, size_t size,
			     const char *signature);

/* Writes the checksum of a table whose length and bytes are final. */
void acpi_seal(struct acpi_header *table);

/* One record with its two-byte head, whole. */
struct acpi_record {
	uint8_t type, length;
	const uint8_t *bytes;
};

/* A walk over the records behind the first `head` bytes of a sound table. */
struct acpi_records {
	struct cursor c;
};

struct acpi_records acpi_records(const struct acpi_header *table, size_t head);

/* The next record; false at the end, or at one that does not fit in: then
 * broken() tells. */
bool acpi_record_next(struct acpi_records *records, struct acpi_record *out);

static inline bool acpi_records_broken(const struct acpi_records *records)
{
	return records->c.failed;
}

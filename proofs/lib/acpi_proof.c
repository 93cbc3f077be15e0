/* SPDX-License-Identifier: MIT */
/* proof: bytes taken for a table are one, with its length inside them and a sum
 *   of zero; its records are walked whole, inside it, one behind the other
 * sources: lib/acpi.c lib/cursor.h
 * bound: 44 bytes, so up to 4 records
 * flags: -DBOUND=44 --unwind 45
 * mutation: lib/acpi.c@acpi_table_fault: h.length < sizeof(h) || =>
 * mutation: lib/acpi.c@acpi_table_fault: h.length > size => h.length > size + 1
 * mutation: lib/acpi.c@acpi_record_next: cursor_skip(c, out->length - RECORD_HEAD) =>
 *   cursor_skip(c, out->length)
 * mutation: lib/acpi.c@acpi_record_next: return !c->failed => return true
 */
#include "lib/acpi.h"
#include "proofs/fake/proof.h"

static union {
	struct acpi_header header;
	uint8_t bytes[BOUND];
} table;

static void walk(void)
{
	const uint8_t *end = table.bytes + table.header.length;
	struct acpi_records it = acpi_records(&table.header, 36);
	const uint8_t *at = table.bytes + 36;
	struct acpi_record r;

	for (int i = 0; i < (BOUND - 36) / 2; i++) {
		if (!acpi_record_next(&it, &r)) {
			PROVE(acpi_records_broken(&it) || at == end);
			return;
		}
		PROVE(r.bytes == at && r.length >= 2);
		PROVE(r.length <= end - at);
		PROVE(r.type == at[0] && r.length == at[1]);
		at += r.length;
	}
	PROVE(!acpi_record_next(&it, &r));
	SEEN(at == table.bytes + BOUND);
}

int main(void)
{
	size_t size = any_upto(BOUND);

	ANY(table);
	if (acpi_table_fault(&table, size, "APIC"))
		return 0;
	PROVE(table.header.length <= size);
	PROVE(table.header.length >= sizeof(table.header));
	PROVE(table.bytes[0] == 'A' && table.bytes[3] == 'C');
	PROVE(acpi_sum(&table, table.header.length) == 0);
	walk();
	return 0;
}

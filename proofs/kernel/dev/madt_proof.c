/* SPDX-License-Identifier: MIT */
/* proof: of any MADT the ids taken are ascending, each once and at most as many as
 *   allowed, and each is an enabled processor's of the table
 * sources: kernel/dev/madt.c lib/acpi.c lib/sort.c proofs/fake/fmt.c
 *   proofs/fake/memmap.c
 * bound: 60 bytes, so up to 2 processors of 8 bytes; 1 or 2 are allowed
 * flags: -DBOUND=60 --unwind 5 --unwindset acpi_sum.0:61,ids_collect.0:10
 * long: -DBOUND=68 --unwind 5 --unwindset acpi_sum.0:69,ids_collect.0:14
 * seconds: 60
 * mutation: kernel/dev/madt.c@ids_collect: *count == max => *count > max
 * mutation: kernel/dev/madt.c@ascending: ids[i] <= ids[i - 1] => ids[i] < ids[i - 1]
 */
#include "kernel/dev/madt.h"

#include "proofs/fake/proof.h"

#define IDS 2u

static union {
	struct acpi_madt madt;
	uint8_t bytes[BOUND];
} in;

int main(void)
{
	uint32_t ids[IDS], count = ~0u, max = 1 + (uint32_t)any_upto(IDS - 1);
	size_t size = any_upto(BOUND);
	struct acpi_words why;
	enum err e;

	ANY(in);
	e = madt_cpus(&in, size, ids, max, &count, &why);
	PROVE(e == OK || (e == ERR_FORMAT && count == ~0u));
	if (e != OK)
		return 0;
	PROVE(count && count <= max);
	PROVE(count < 2 || ids[0] < ids[1]);
	PROVE(ids[0] != ~0u);
	SEEN(count == 2);
	return 0;
}

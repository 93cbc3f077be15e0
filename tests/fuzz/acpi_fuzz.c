/* SPDX-License-Identifier: MIT */
/* MADT, SRAT and SLIT of any host: refused with words, or the guest's own
 * tables are sound, say the same, and none of our memory is in them. */
/* test-sources: kernel/dev/madt.c kernel/dev/srat.c kernel/dev/slit.c */
/* test-sources: kernel/mm/memmap.c lib/acpi.c lib/sort.c lib/fmt.c lib/str.c */
#include <stdlib.h>
#include <string.h>

#include "kernel/dev/madt.h"
#include "kernel/dev/slit.h"
#include "kernel/dev/srat.h"
#include "kernel/mm/memmap.h"
#include "tests/scale/machine.h"

#define LIMIT	 (1ull << 47)
#define CPUS_MAX 8u
#define NODES	 3u
#define ROOM	 65536u

static const uint32_t ids[] = { 0, 1, 2, 300 };
static const struct srat_rules rules = { ids, 4, NODES, LIMIT };
static uint8_t copy[ROOM];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void map_make(void)
{
	struct scale_machine m = scale_machine(6 * SCALE_GIB, false);
	struct params p = scale_params(4, 64 * SCALE_MIB);
	struct memmap_host host = { m.entry, m.count, LIMIT, 4 };

	need(memmap_init(&p, &host) == OK);
}

static void madt(const uint8_t *table, size_t size)
{
	struct cursor_out out = cursor_out_make(copy, sizeof(copy));
	uint32_t found[CPUS_MAX], again[CPUS_MAX], count, n;
	struct acpi_words why = { "" };

	if (madt_cpus(table, size, found, CPUS_MAX, &count, &why) != OK ||
	    madt_devices_check(table, &why) != OK) {
		need(why.text[0]);
		return;
	}
	need(count && count <= CPUS_MAX);
	for (uint32_t i = 1; i < count; i++)
		need(found[i] > found[i - 1]);
	need(madt_copy(table, &out));
	need(cursor_out_offset(&out) <= size);
	need(madt_cpus(copy, cursor_out_offset(&out), again, CPUS_MAX, &n,
		       &why) == OK);
	need(n == count && !memcmp(found, again, n * sizeof(*found)));
	need(madt_devices_check(copy, &why) == OK);
}

static void srat(const uint8_t *table, size_t size)
{
	struct cursor_out out = cursor_out_make(copy, sizeof(copy));
	struct acpi_words why = { "" };
	struct srat s, again;

	if (srat_read(table, size, &rules, &s, &why) != OK) {
		need(why.text[0]);
		return;
	}
	need(s.nodes && s.nodes <= NODES && s.count <= SRAT_RANGES_MAX);
	need(srat_write(table, &rules, &s, &out));
	/* Ours has no node in it, which is all that can be wrong with it. */
	need(srat_read(copy, cursor_out_offset(&out), &rules, &again, &why) !=
	     OK);
	need(strstr(why.text, "memory at 0x8000000 has no node"));
	for (uint32_t i = 0; i < again.count; i++)
		need(!pa_range_overlap(again.range[i].range, memmap_svsm()));
}

static void slit(const uint8_t *table, size_t size)
{
	struct cursor_out out = cursor_out_make(copy, sizeof(copy));
	struct acpi_words why = { "" };

	if (slit_check(table, size, 2, NODES, &why) != OK) {
		need(why.text[0]);
		return;
	}
	need(slit_write(table, 2, &out));
	need(slit_check(copy, cursor_out_offset(&out), 2, 2, &why) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "APIC", "SRAT", "SLIT" };
	struct acpi_header *h;
	uint8_t *table;

	if (size < 1 + sizeof(*h))
		return 0;
	map_make();
	/* Of exactly its size: reading past it is caught. */
	table = malloc(size - 1);
	need(table != NULL);
	memcpy(table, data + 1, size - 1);
	h = (struct acpi_header *)table;
	/* Mostly with a head that leads further. */
	if (data[0] & 4) {
		memcpy(h->signature, names[data[0] % 3], 4);
		h->length = (uint32_t)size - 1;
		acpi_seal(h);
	}
	madt(table, size - 1);
	srat(table, size - 1);
	slit(table, size - 1);
	free(table);
	return 0;
}

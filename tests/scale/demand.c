/* SPDX-License-Identifier: MIT */
/* What the SVSM takes of machines of 1 GiB to 4 TiB, by the kernel's own
 * reckoning. Prints `demand GIB BYTES` lines; --table: for docs/memory.md. */
/* test-sources: kernel/mm/memmap.c lib/fmt.c lib/str.c */
#include <stdio.h>
#include <string.h>

#include "kernel/mm/memmap.h"
#include "tests/scale/machine.h"

#define CPUS	  64u
#define CPUS_MOST 1024u
#define MAX	  (256ull << 20)
#define LAST_GIB  4096u

static bool reckon(uint64_t gib, uint32_t cpus)
{
	struct scale_machine m = scale_machine(gib * SCALE_GIB, false);
	struct params params = scale_params(cpus, MAX);
	struct memmap_host host = { m.entry, m.count, PA_LIMIT, cpus };

	if (memmap_init(&params, &host) == OK)
		return true;
	fprintf(stderr, "demand: %s\n", memmap_refusal());
	return false;
}

/* Rounded to tenths. */
static void cell(uint64_t bytes)
{
	uint64_t tenths = (bytes * 10 + SCALE_MIB / 2) / SCALE_MIB;

	printf(" %llu.%llu |", (unsigned long long)tenths / 10,
	       (unsigned long long)tenths % 10);
}

static void row(uint64_t gib, uint32_t cpus, const struct memmap_demand *d)
{
	printf("| %llu | %u |", (unsigned long long)gib, cpus);
	cell(d->record_least);
	cell(d->record);
	cell(d->cpus);
	cell(d->least);
	cell(d->wanted);
	printf("\n");
}

int main(int argc, char **argv)
{
	bool table = argc == 2 && strcmp(argv[1], "--table") == 0;

	for (uint64_t gib = 1; gib <= LAST_GIB; gib *= table ? 4 : 2) {
		if (!reckon(gib, CPUS))
			return 1;
		if (table)
			row(gib, CPUS, memmap_demand());
		else
			printf("demand %llu %llu\n", (unsigned long long)gib,
			       (unsigned long long)memmap_demand()->wanted);
	}
	if (!table || !reckon(LAST_GIB, CPUS_MOST))
		return !table ? 0 : 1;
	row(LAST_GIB, CPUS_MOST, memmap_demand());
	return 0;
}

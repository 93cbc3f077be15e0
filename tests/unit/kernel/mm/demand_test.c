/* SPDX-License-Identifier: MIT */
/* The SVSM's size on machines from 512 MiB to 4 TiB, and what is left. */
/* test-sources: kernel/mm/memmap.c kernel/guest/mapout.c lib/fmt.c lib/str.c */
#include "kernel/mm/memmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/guest/mapout.h"
#include "kernel/mm/pvalidsize.h"
#include "tests/scale/machine.h"

#define MIB SCALE_MIB
#define GIB SCALE_GIB
#define TIB SCALE_TIB

/* The default of igvmbuild --svsm-max. */
#define MAX(cpus) (64 * MIB + (cpus)*96ull * 1024)

static struct params params;

static enum err start(const struct scale_machine *m, uint32_t told)
{
	return memmap_init(&params, &(struct memmap_host){ m->entry, m->count,
							   1ull << 47, told });
}

static void starts(uint64_t memory, bool flat, uint32_t cpus, uint64_t max)
{
	struct scale_machine m = scale_machine(memory, flat);

	params = scale_params(cpus, max);
	if (start(&m, cpus) != OK)
		fail_msg("%s", memmap_refusal());
}

/* Nothing lost, nothing shared: RAM is ours, or the guest's in one span. */
static void sums_hold(uint64_t memory, bool flat)
{
	struct scale_machine m = scale_machine(memory, flat);
	struct pa_range ours = memmap_svsm();
	struct igvm_memory_map_entry out[16];
	uint64_t ram = 0, last = 0;
	size_t count;

	assert_int_equal(memmap_guest_bytes() + ours.size, m.ram);
	assert_int_equal(ours.start.v, params.svsm_base);
	assert_null(memmap_guest(ours.start.v, PAGE_4K));
	assert_null(memmap_guest(pa_range_end(ours) - PAGE_4K, PAGE_4K));
	assert_non_null(memmap_guest(ours.start.v - PAGE_4K, PAGE_4K));
	assert_non_null(memmap_guest(pa_range_end(ours), PAGE_4K));
	assert_int_equal(mapout_write(MAPOUT_RAM, out, 16, &count), OK);
	for (size_t i = 0; i < count; i++) {
		uint64_t at = out[i].starting_gpa_page_number * PAGE_4K;
		uint64_t size = out[i].number_of_pages * PAGE_4K;

		assert_true(at >= last);
		assert_false(pa_range_overlap(ours, (struct pa_range){ { at },
								       size }));
		last = at + size;
		ram += size;
	}
	assert_int_equal(ram + ours.size, m.ram);
}

/* At most 32 KiB for each GiB fully split, and 1 % of that unsplit; what goes
 * with the arrays' pages and tables is the rest. */
static void record_is_bounded(uint64_t memory, uint32_t cpus)
{
	const struct memmap_demand *d = memmap_demand();
	uint64_t gibs = memory / GIB + 1;
	uint64_t pins = (uint64_t)cpus * PVALID_PINS_PER_CPU * PAGE_4K;

	assert_true(d->record <= gibs * 33 * 1024 + pins + 8 * PAGE_4K);
	assert_true(d->record_least <= gibs * 700 + 8 * PAGE_4K);
}

static void sizes(uint32_t cpus)
{
	for (uint64_t memory = 512 * MIB; memory <= 4 * TIB; memory *= 2)
		for (int flat = 0; flat < 2; flat++) {
			const struct memmap_demand *d = memmap_demand();

			starts(memory, flat, cpus, 256 * MIB);
			assert_int_equal(d->given, d->wanted);
			assert_int_equal(d->given, memmap_svsm().size);
			assert_int_equal(d->given % PAGE_2M, 0);
			assert_int_equal(d->wanted,
					 addr_up(d->image + d->record +
							 d->cpus + d->fixed +
							 d->services,
						 PAGE_2M));
			assert_int_equal(d->cpus, cpus * 64ull * 1024);
			record_is_bounded(memory, cpus);
			sums_hold(memory, flat);
		}
}

static void sizes_with_one_cpu(void **state)
{
	(void)state;
	sizes(1);
}

static void sizes_with_64_cpus(void **state)
{
	(void)state;
	sizes(64);
}

static void sizes_with_1024_cpus(void **state)
{
	(void)state;
	sizes(1024);
}

static void default_maximum_is_enough_for_a_tebibyte(void **state)
{
	static const uint32_t cpus[] = { 1, 64, 256, 1024 };

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		starts(TIB, false, cpus[i], MAX(cpus[i]));
		assert_int_equal(memmap_demand()->given,
				 memmap_demand()->wanted);
		/* What the manual page of igvmbuild says of 4 TiB. */
		starts(4 * TIB, false, cpus[i],
		       addr_up(160 * MIB + cpus[i] * 96ull * 1024, PAGE_2M));
		assert_int_equal(memmap_demand()->given,
				 memmap_demand()->wanted);
	}
}

static void ram_jumps_over_the_hole(void **state)
{
	struct pa_range hole = { { SCALE_HOLE }, TIB - SCALE_HOLE };

	(void)state;
	starts(TIB, false, 4, 256 * MIB);
	assert_int_equal(memmap_ram_end(), 2 * TIB - 2 * GIB);
	assert_null(memmap_guest(hole.start.v, PAGE_4K));
	assert_null(memmap_guest(pa_range_end(hole) - PAGE_4K, 2 * PAGE_4K));
	assert_null(memmap_guest(4 * GIB, PAGE_4K));
	assert_non_null(memmap_guest(TIB, TIB - 2 * GIB));
}

static void least_and_most(void **state)
{
	struct scale_machine m = scale_machine(TIB, false);
	const struct memmap_demand *d = memmap_demand();
	uint64_t least;

	(void)state;
	starts(TIB, false, 64, 256 * MIB);
	least = d->least;
	/* Less than the worst case: it starts, with all that it may have. */
	starts(TIB, false, 64, 16 * MIB);
	assert_int_equal(memmap_svsm().size, 16 * MIB);
	assert_true(d->given < d->wanted);
	/* Just the least; and a page less. */
	starts(TIB, false, 64, addr_up(least, PAGE_4K));
	params.svsm_max_size = addr_down(least - 1, PAGE_4K);
	assert_int_equal(start(&m, 64), ERR_RANGE);
	assert_non_null(strstr(memmap_refusal(), "own memory: "));
	assert_non_null(strstr(memmap_refusal(), "--svsm-max"));
	/* A minimum above the demand. */
	m = scale_machine(512 * MIB, false);
	params = scale_params(1, 64 * MIB);
	params.svsm_min_size = 32 * MIB;
	assert_int_equal(start(&m, 1), OK);
	assert_int_equal(memmap_svsm().size, 32 * MIB);
	sums_hold(512 * MIB, false);
}

static void cpus_are_the_machines(void **state)
{
	struct scale_machine m = scale_machine(GIB, false);

	(void)state;
	params = scale_params(1024, 256 * MIB);
	assert_int_equal(start(&m, 4), OK);
	assert_int_equal(memmap_demand()->cpus, 4 * 64 * 1024);
	/* Nothing said, or more than the image allows. */
	assert_int_equal(start(&m, 0), OK);
	assert_int_equal(memmap_demand()->cpus, 64 * MIB);
	assert_int_equal(start(&m, ~0u), OK);
	assert_int_equal(memmap_demand()->cpus, 64 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_with_one_cpu),
		cmocka_unit_test(sizes_with_64_cpus),
		cmocka_unit_test(sizes_with_1024_cpus),
		cmocka_unit_test(default_maximum_is_enough_for_a_tebibyte),
		cmocka_unit_test(ram_jumps_over_the_hole),
		cmocka_unit_test(least_and_most),
		cmocka_unit_test(cpus_are_the_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

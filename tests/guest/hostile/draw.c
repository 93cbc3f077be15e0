/* SPDX-License-Identifier: MIT */
/* Numbers from the seed, and addresses made of them. */
#include "tests/guest/hostile/hostile.h"

#include "lib/addr.h"

#define SMALL_PAGES 24u /* of each region that is fought over */
#define PAGE_MASK   0xfffull

void draw_seed(unsigned int cpu, uint64_t seed)
{
	actors[cpu].random = seed * 0x9e3779b97f4a7c15ull + cpu * 2 + 1;
}

uint64_t draw64(unsigned int cpu)
{
	uint64_t x = actors[cpu].random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	actors[cpu].random = x;
	return x * 0x2545f4914f6cdd1dull;
}

uint32_t draw(unsigned int cpu, uint32_t below)
{
	return (uint32_t)(draw64(cpu) >> 33) % below;
}

uint64_t region_at(unsigned int region)
{
	return ARENA + region * PAGE_2M;
}

/* The first and the last page of a region are among them. */
uint64_t place_small(unsigned int cpu)
{
	uint32_t page = draw(cpu, SMALL_PAGES);

	if (page == SMALL_PAGES - 1)
		page = 511;
	return region_at(REGION_SMALL + draw(cpu, SMALL_REGIONS)) +
	       page * PAGE_4K;
}

bool place_edge(unsigned int i, uint64_t *gpa)
{
	const uint64_t edge[] = {
		secrets->svsm_base - PAGE_4K,
		secrets->svsm_base + secrets->svsm_size,
		0,
	};

	if (i >= sizeof(edge) / sizeof(edge[0]))
		return false;
	*gpa = edge[i];
	return true;
}

void places_make(void)
{
	uint64_t gpa;

	for (unsigned int i = 0; place_edge(i, &gpa); i++)
		page_state_set(gpa, PSC_OP_PRIVATE);
	for (unsigned int r = 0; r < REGIONS; r++)
		check_true("the host gives the arena",
			   page_state_large(region_at(r), PSC_OP_PRIVATE));
}

bool place_bad(unsigned int i, uint64_t *gpa)
{
	const uint64_t bad[] = {
		secrets->svsm_base,
		secrets->svsm_base + PAGE_4K,
		secrets->svsm_base + secrets->svsm_size - PAGE_4K,
		NO_RAM,
		0xfee00000, /* APIC */
		0xfec00000,
		0xa0000,
		cbit,
		region_at(REGION_OWN) | cbit,
		secrets->svsm_base | cbit,
		1ull << 51,
		(1ull << 52) - PAGE_4K,
		1ull << 63,
		~0ull - PAGE_4K - PAGE_MASK,
		~0ull - PAGE_MASK,
	};

	if (i >= sizeof(bad) / sizeof(bad[0]))
		return false;
	*gpa = bad[i];
	return true;
}

static uint64_t place_bad_any(unsigned int cpu)
{
	uint64_t gpa = 0;

	if (!place_bad(draw(cpu, 24), &gpa))
		gpa = secrets->svsm_base +
		      draw(cpu, (uint32_t)(secrets->svsm_size / PAGE_4K)) *
			      PAGE_4K;
	return gpa;
}

uint64_t place_any(unsigned int cpu)
{
	unsigned int other = draw(cpu, hostile_cpus);
	uint64_t gpa = 0;

	switch (draw(cpu, 16)) {
	case 0:
	case 1:
		return place_bad_any(cpu);
	case 2:
		place_edge(draw(cpu, 3), &gpa);
		return gpa;
	case 3:
		return region_at(REGION_LARGE + draw(cpu, LARGE_REGIONS)) +
		       draw(cpu, 3) * PAGE_4K;
	case 4:
		return (uint64_t)guest_vcpu[other].ca;
	case 5:
		return other ? vcpu_vmsa(other) : secrets->svsm_caa;
	case 6:
		return region_at(REGION_SMALL + draw(cpu, 5));
	default:
		return place_small(cpu);
	}
}

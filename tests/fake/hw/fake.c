/* SPDX-License-Identifier: MIT */
/* See fake.h. */
#include "tests/fake/hw/fake.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FAKE_FAULT 0xffu /* result where the real instruction would fault */

struct fake_machine fake;
_Thread_local void *fake_thread_gs;

/* Shared, so that tests can map a page a second time; 2 MiB-aligned. */
static char *ram_map(uint64_t size)
{
	char *raw = mmap(NULL, size + PAGE_2M, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t skip = PAGE_2M - (uint64_t)raw % PAGE_2M;

	if (raw == MAP_FAILED)
		abort();
	munmap(raw, skip);
	munmap(raw + skip + size, PAGE_2M - skip);
	return raw + skip;
}

void fake_reset(uint64_t ram_size)
{
	struct rmp_entry *table;
	char *ram = fake.ram;

	free(fake.rmp.entry);
	if (ram && fake.ram_size != ram_size) {
		munmap(ram, fake.ram_size);
		ram = NULL;
	}
	memset(&fake, 0, sizeof(fake));
	fake.ram_size = ram_size;
	/* Kept if it fits: mapping it anew is most of a fuzzer's time. */
	fake.ram = ram ? ram : ram_map(ram_size);
	/* The host's choice of contents: never zero. */
	memset(fake.ram, 0xa5, ram_size);
	table = calloc(ram_size / PAGE_4K, sizeof(*table));
	rmp_init(&fake.rmp, table, ram_size / PAGE_4K);
	fake.rmp.host_smashes = true;
}

void fake_assign(uint64_t gpa, uint64_t size)
{
	uint64_t at;

	for (at = gpa; at < gpa + size; at += PAGE_4K)
		rmp_assign(&fake.rmp, rmp_same(at), RMP_PG_SIZE_4K);
}

void fake_launch(uint64_t gpa, uint64_t size)
{
	static const uint8_t none[3];
	uint64_t at;

	for (at = gpa; at < gpa + size; at += PAGE_4K) {
		rmp_unassign(&fake.rmp, at, RMP_PG_SIZE_4K);
		rmp_launch_page(&fake.rmp, rmp_same(at), false, none);
	}
}

bool fake_is_validated(uint64_t gpa)
{
	const struct rmp_entry *e = rmp_look(&fake.rmp, gpa);

	return e && (e->bits & RMP_VALIDATED);
}

uint8_t fake_perms(uint64_t gpa, uint32_t vmpl)
{
	return rmp_perms(rmp_look(&fake.rmp, gpa), vmpl);
}

static bool in_ram(const void *va)
{
	/* As numbers: a test may put the RAM at address 0. */
	return fake.rmp.entry &&
	       (uint64_t)va - (uint64_t)fake.ram < fake.ram_size;
}

void fake_touch(const void *va, uint64_t size, bool write)
{
	uint64_t gpa = (uint64_t)va - (uint64_t)fake.ram;
	uint64_t at;

	if (!in_ram(va))
		return;
	for (at = gpa & ~(PAGE_4K - 1); at < gpa + size; at += PAGE_4K)
		if (rmp_check(&fake.rmp, fake.vmpl, rmp_same(at),
			      RMP_CBIT | (write ? RMP_WRITE : 0)) != RMP_OK)
			fake.violations++;
}

uint64_t fake_msr_read(uint32_t index)
{
	unsigned int i;

	for (i = 0; i < FAKE_MSRS; i++)
		if (fake.msr[i].index == index)
			return fake.msr[i].value;
	return 0;
}

void fake_msr_write(uint32_t index, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < FAKE_MSRS; i++) {
		if (fake.msr[i].index && fake.msr[i].index != index)
			continue;
		fake.msr[i].index = index;
		fake.msr[i].value = value;
		return;
	}
	abort();
}

static uint32_t result(const struct rmp_result *r)
{
	if (r->kind == RMP_DONE)
		return r->eax;
	fake.violations++;
	return FAKE_FAULT;
}

static struct rmp_at at_of(uint64_t va)
{
	if (!in_ram((const void *)va))
		abort();
	return rmp_same((uint64_t)va - (uint64_t)fake.ram);
}

static void step(void)
{
	if (fake.step)
		fake.step();
}

uint32_t fake_pvalidate(uint64_t va, uint32_t size, bool validate, bool *carry)
{
	struct rmp_result r;

	step();
	r = rmp_pvalidate(&fake.rmp, fake.vmpl, at_of(va), size, validate);

	fake.pvalidates++;
	*carry = r.carry;
	return result(&r);
}

uint32_t fake_rmpadjust(uint64_t va, uint32_t size, uint64_t attributes)
{
	void (*turn)(void) = fake.at_rmpadjust;
	struct rmp_result r;

	fake.at_rmpadjust = NULL;
	if (turn)
		turn();
	step();
	r = rmp_rmpadjust(&fake.rmp, fake.vmpl, at_of(va), size, attributes);

	fake.rmpadjusts++;
	return result(&r);
}

uint32_t fake_rmpquery(uint64_t va, uint64_t *attributes, uint64_t *size)
{
	struct rmp_result r =
		rmp_rmpquery(&fake.rmp, fake.vmpl, at_of(va), *attributes);

	*attributes = r.attributes;
	*size = r.page_size;
	return result(&r);
}

/* SPDX-License-Identifier: MIT */
/* Random CORE calls with random lists: whatever the guest asks, it never gets
 * hold of our memory, nor of a page that is not validated; and no page is at
 * once its own and ours. Not even if it writes to a list or a save area between
 * any two accesses that we make. */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c */
/* test-sources: kernel/mm/deed.c kernel/mm/owned.c lib/bitmap.c */
/* test-sources: kernel/proto/request.c kernel/proto/core.c */
/* test-sources: kernel/proto/pvalidate.c kernel/proto/list.c kernel/proto/vcpu.c */
/* test-sources: lib/pageindex.c kernel/proto/deposit.c kernel/guest/vcpu.c kernel/guest/enter.c */
/* test-sources: kernel/mm/memmap.c kernel/mm/pvalid.c kernel/mm/guestmem.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/heap.c kernel/mm/page.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c kernel/base/platform.c */
/* test-sources: kernel/base/log.c kernel/base/unwind.c kernel/base/symbols.c */
/* test-sources: lib/fmt.c lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
/* test-sources: tests/fuzz/restless.c */
#include <stdlib.h>
#include <string.h>

#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "kernel/proto/request.h"
#include "tests/fake/world.h"
#include "tests/fuzz/restless.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A place that matters, or any other. */
static uint64_t address(const uint8_t *in)
{
	static const uint64_t places[] = {
		WORLD_CAA,  WORLD_FREE, WORLD_INVALID,
		WORLD_OURS, WORLD_RAM,	0x600000,
		0x7ff000,   0,		0xfffffffffff0,
	};
	uint64_t base = places[in[0] % (sizeof(places) / sizeof(places[0]))];
	uint64_t page = (uint64_t)(in[1] % 32) * PAGE_4K;

	/* Mostly aligned: misalignment ends too early to be of interest. */
	return base + page + (in[2] < 32 ? in[2] : 0);
}

/* Writes only where the guest could. */
static void guest_store(uint64_t gpa, const void *from, size_t size)
{
	if (gpa + size <= WORLD_RAM &&
	    gpa / PAGE_4K == (gpa + size - 1) / PAGE_4K &&
	    fake_perms(gpa, FAKE_GUEST_VMPL) & VMPL_WRITE)
		memcpy(world_at(gpa), from, size);
}

static void list_put(uint64_t gpa, const uint8_t *in)
{
	struct {
		struct svsm_list header;
		uint64_t entry[2];
	} list = { { (uint16_t)(in[0] % 4), (uint16_t)(in[1] % 3), 0 }, { 0 } };

	for (unsigned int i = 0; i < 2; i++)
		list.entry[i] = address(in + 2 + 3 * i) | in[8 + i] % 16;
	guest_store(gpa, &list, sizeof(list));
}

static void vmsa_put(uint64_t gpa, uint8_t spoil)
{
	static struct vmsa vmsa;

	memset(&vmsa, 0, sizeof(vmsa));
	vmsa.vmpl = (uint8_t)(spoil % 8 ? FAKE_GUEST_VMPL : spoil);
	vmsa.efer = EFER_SVME;
	vmsa.sev_features = WORLD_FEATURES;
	guest_store(gpa & ~(PAGE_4K - 1), &vmsa, sizeof(vmsa));
}

/* The record and the hardware agree on whose page it is. */
static void owner_check(uint64_t gpa)
{
	uint8_t perms = fake_perms(gpa, FAKE_GUEST_VMPL);
	struct guest_range page;
	struct pvalid_held held;
	bool valid, deposited;

	if (guest_range_check(gpa, PAGE_4K, &page) != OK)
		return;
	held = pvalid_lock(page);
	valid = pvalid_page(held, gpa);
	deposited = pvalid_page_ours(held, gpa);
	pvalid_unlock(held);
	if (valid && perms != VMPL_ALL)
		abort();
	if (deposited && (perms || valid || !fake_is_validated(gpa)))
		abort();
}

/* What came back is the guest's, and holds nothing. */
static void withdrawn_check(uint64_t gpa)
{
	const struct svsm_withdrawn *list = world_at(gpa);
	const uint64_t *entry = (const uint64_t *)(list + 1);
	static const char zero[PAGE_4K];

	for (unsigned int i = 0; i < list->count; i++)
		if (fake_perms(entry[i], FAKE_GUEST_VMPL) != VMPL_ALL ||
		    memcmp(world_at(entry[i]), zero, PAGE_4K) != 0)
			abort();
}

/* The SVSM has used up all its memory but a few pages. */
static void drain(unsigned int left)
{
	struct pa page;

	while (page_count_free() > PAGE_RESERVE + left)
		if (page_take(&page) != OK)
			return;
}

/* All that is offered can be had, and then nothing is offered. */
static void take_all_back(void)
{
	struct pa page;

	while (page_withdraw(&page))
		if (fake_perms(page.v, FAKE_GUEST_VMPL))
			abort();
	if (page_offer)
		abort();
}

static void page_check(uint64_t gpa)
{
	bool ours = gpa >= WORLD_OURS && gpa < WORLD_OURS + WORLD_OURS_SIZE;
	uint8_t perms = fake_perms(gpa, FAKE_GUEST_VMPL);
	uint32_t bits = rmp_look(&fake.rmp, gpa)->bits;

	if (ours && perms)
		abort();
	if (!ours && perms && !(bits & RMP_VALIDATED))
		abort();
	/* A save area that runs is the guest's level, and out of its reach. */
	if (!ours && bits & RMP_VMSA &&
	    (perms & VMPL_WRITE ||
	     ((struct vmsa *)world_at(gpa))->vmpl != FAKE_GUEST_VMPL))
		abort();
}

static const uint8_t *hostile;
static uint64_t stirred;
static unsigned int stirs;

/* Another vCPU's turn: it writes where it still may. Numbers that matter are
 * near the front of a list, and in a save area at VMPL and EFER. */
static void stir(void *there)
{
	static const uint16_t places[] = {
		0, 2, 8, 16, 0xca, 0xd1, 0x3b0, 0x3b8
	};
	const uint8_t *in = hostile + 2 * (stirs++ % 5);
	uint64_t off = places[in[0] % 8];

	if (!(in[0] & 0x80) &&
	    fake_perms(stirred, FAKE_GUEST_VMPL) & VMPL_WRITE)
		((uint8_t *)there)[off + in[0] / 8 % 8] ^= in[1];
}

/* The last turn before the page's rights change; there is no access then. */
static void last_stir(void)
{
	stir(world_at(stirred));
}

static void call(const uint8_t *in, uint64_t rcx, uint64_t rdx)
{
	bool restless = in[0] & 0x80 && rcx < WORLD_RAM;
	uint32_t r;

	hostile = in + 10;
	stirred = rcx & ~(PAGE_4K - 1);
	stirs = 0;
	fake.at_rmpadjust = restless ? last_stir : NULL;
	if (restless)
		restless_start(world_at(stirred), stir);
	r = world_call(in[0] % 9, rcx, rdx, WORLD_APIC_ID(in[7] % 3));
	if (restless)
		restless_stop();
	/* What the guest has written over by now says nothing. */
	if (r == SVSM_SUCCESS && in[0] % 9 == SVSM_CORE_WITHDRAW_MEM &&
	    !restless)
		withdrawn_check(rcx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	world_setup(NULL);
	if (size && data[0] & 0x40)
		drain(data[0] >> 7);
	for (; size >= 20; data += 20, size -= 20) {
		uint64_t rcx = address(data + 1), rdx = address(data + 4);

		if (data[0] & 0x10)
			list_put(rcx, data + 10);
		if (data[0] & 0x20)
			vmsa_put(rcx, data[19]);
		call(data, rcx, rdx);
		if (fake.violations)
			abort();
	}
	for (uint64_t gpa = 0; gpa < WORLD_RAM; gpa += PAGE_4K) {
		page_check(gpa);
		owner_check(gpa);
	}
	take_all_back();
	return 0;
}

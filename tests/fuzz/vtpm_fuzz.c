/* SPDX-License-Identifier: MIT */
/* VTPM_CMD with any buffer and any answer: nothing of ours is read or written,
 * the service gets no more than it may, and the guest no more than its page. */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c */
/* test-sources: kernel/mm/deed.c kernel/mm/owned.c lib/bitmap.c */
/* test-sources: kernel/proto/request.c kernel/proto/core.c */
/* test-sources: kernel/proto/pvalidate.c kernel/proto/list.c */
/* test-sources: kernel/proto/vcpu.c kernel/proto/deposit.c */
/* test-sources: lib/pageindex.c kernel/guest/vcpu.c kernel/guest/enter.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/heap.c kernel/mm/page.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c tests/fuzz/restless.c */
#include <stdlib.h>
#include <string.h>

#include "abi/svsm/vtpm.h"
#include "abi/vtpm_service.h"
#include "kernel/mm/page.h"
#include "tests/fake/service.h"
#include "tests/fake/world.h"
#include "tests/fuzz/restless.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *hostile;
static uint64_t buffer;

/* Another vCPU writes to the page at the worst of times. */
static void turn(void)
{
	if (buffer + 9 <= WORLD_OURS && fake_is_validated(buffer))
		memcpy(world_at(buffer), hostile, 9);
}

/* Or between any two accesses. */
static unsigned int stirs;

static void stir(void *there)
{
	uint8_t b = hostile[stirs++ % 24];

	if (b & 1 && fake_perms(buffer, FAKE_GUEST_VMPL) & VMPL_WRITE)
		((uint8_t *)there)[(buffer % PAGE_4K + b / 2 % 10) % PAGE_4K] =
			hostile[b % 24];
}

static uint32_t ask(const uint8_t *in)
{
	uint32_t number = in[22] & 0x40 ? in[23] % 3 : SVSM_VTPM_CMD, r;
	bool restless = in[21] & 0x20 && buffer < WORLD_RAM;

	stirs = 0;
	if (restless)
		restless_start(world_at(buffer & ~(PAGE_4K - 1)), stir);
	r = world_call((uint64_t)SVSM_VTPM_PROTOCOL << 32 | number, buffer, 0,
		       0);
	if (restless)
		restless_stop();
	return number == SVSM_VTPM_CMD ? r : SVSM_ERR_UNSUPPORTED_CALL;
}

static uint64_t address(const uint8_t *in)
{
	static const uint64_t places[] = {
		WORLD_FREE, WORLD_OURS,	       WORLD_INVALID,
		WORLD_RAM,  0x7ff000,	       WORLD_OURS + WORLD_OURS_SIZE,
		0,	    0x7fffffffffff000, ~0xfffull,
	};
	uint16_t off;

	memcpy(&off, in + 1, sizeof(off));
	return places[*in % 32 < 9 ? *in % 32 : 0] + off % 0x1100;
}

static bool valid_place(uint64_t gpa, uint64_t size)
{
	return gpa / PAGE_4K == (gpa + size - 1) / PAGE_4K &&
	       gpa < WORLD_INVALID &&
	       fake_perms(gpa, FAKE_GUEST_VMPL) & VMPL_WRITE;
}

static void call(const uint8_t *in)
{
	uint32_t before = fake_service.requested, r;

	buffer = address(in);
	hostile = in + 3;
	if (valid_place(buffer, 9))
		memcpy(world_at(buffer), in + 12, 9);
	fake_service.turn = in[21] % 4;
	fake_service.end = in[22] % 3;
	memcpy(&fake_service.answer.size, in + 23, 4);
	if (in[21] & 0x80)
		fake_service.answer.size %= 4100;
	fake_service.answer.result = in[22] & 0x80;
	fake_service.at_page = in[21] & 0x40 ? turn : NULL;
	r = ask(in);
	if (fake_service.requested != before &&
	    (!fake_service.size || fake_service.size > VTPM_BUFFER_MAX ||
	     fake_service.arg > VTPM_LOCALITY_MAX))
		abort();
	if (r == SVSM_SUCCESS &&
	    fake_service.answer.size > PAGE_4K - buffer % PAGE_4K - 4)
		abort();
}

/* The service's page alone may change, and the caller's save area, which is
 * seen at another address. */
static void ours_check(const uint8_t *before)
{
	for (uint64_t off = 0; off < WORLD_OURS_SIZE; off += PAGE_4K) {
		const void *now = world_at(WORLD_OURS + off);

		if (WORLD_OURS + off != fake_service.page.v &&
		    memcmp(before + off, now, PAGE_4K) &&
		    memcmp(world_vmsa(), now, PAGE_4K))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t ours[WORLD_OURS_SIZE];

	world_setup(NULL);
	memset(&fake_service, 0, sizeof(fake_service));
	fake_service.present = true;
	if (page_take(&fake_service.page) != OK)
		abort();
	memcpy(ours, world_at(WORLD_OURS), sizeof(ours));
	for (; size >= 27; data += 27, size -= 27)
		call(data);
	ours_check(ours);
	if (fake.violations || fake_windows)
		abort();
	return 0;
}

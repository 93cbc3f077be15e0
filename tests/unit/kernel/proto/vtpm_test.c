/* SPDX-License-Identifier: MIT */
/* VTPM_CMD: sizes, places, what the guest changes meanwhile, what the service
 * may answer. */
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
/* test-sources: model/rmp_guest.c */
#include "kernel/proto/vtpm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "abi/svsm/vtpm.h"
#include "abi/vtpm_service.h"
#include "kernel/mm/page.h"
#include "tests/fake/service.h"
#include "tests/fake/world.h"

#define VTPM   ((uint64_t)SVSM_VTPM_PROTOCOL << 32)
#define BUFFER WORLD_FREE
#define HEAD   ((uint32_t)sizeof(struct svsm_vtpm_command))

static int setup(void **state)
{
	world_setup(state);
	memset(&fake_service, 0, sizeof(fake_service));
	fake_service.present = true;
	fake_service.turn = SERVICE_FREE;
	fake_service.end = SERVICE_DONE;
	fake_service.answer = (struct service_answer){ SERVICE_OK, 10 };
	assert_int_equal(page_take(&fake_service.page), OK);
	return 0;
}

static uint32_t command(uint64_t gpa)
{
	uint32_t r = world_call(VTPM | SVSM_VTPM_CMD, gpa, 0, 0);

	/* Taken and given back, always. */
	if (fake_service.turn == SERVICE_FREE ||
	    fake_service.turn == SERVICE_RESUME)
		assert_int_equal(fake_service.entered, fake_service.left);
	else
		assert_int_equal(fake_service.left, 0);
	assert_int_equal(fake.violations, 0);
	return r;
}

static uint32_t send(uint64_t gpa, uint32_t number, uint8_t locality,
		     uint32_t size)
{
	struct svsm_vtpm_command head = { number, locality, size };

	memcpy(world_at(gpa), &head, sizeof(head));
	return command(gpa);
}

static void queries(void **state)
{
	(void)state;
	assert_int_equal(world_call(VTPM | SVSM_VTPM_QUERY, 0, 9, 0),
			 SVSM_SUCCESS);
	assert_int_equal(world_vmsa()->rcx, 0x100);
	assert_int_equal(world_vmsa()->rdx, 0);
	assert_int_equal(world_call(VTPM | 2, 0, 0, 0),
			 (uint32_t)SVSM_ERR_UNSUPPORTED_CALL);
	core_call(SVSM_CORE_QUERY_PROTOCOL, VTPM | 1, 0, 0);
	assert_int_equal(world_vmsa()->rcx, 0x100000001);
	fake_service.present = false;
	core_call(SVSM_CORE_QUERY_PROTOCOL, VTPM | 1, 0, 0);
	assert_int_equal(world_vmsa()->rcx, 0);
	assert_int_equal(world_call(VTPM, 0, 0, 0),
			 (uint32_t)SVSM_ERR_UNSUPPORTED_PROTOCOL);
	assert_int_equal(fake_service.entered, 0);
}

static void sizes(void **state)
{
	static const struct {
		uint32_t off, size;
		bool good;
	} cases[] = {
		{ 0, 0, false },     { 0, 1, true },	 { 0, 4087, true },
		{ 0, 4088, false },  { 0, 4096, false }, { 0, ~0u, false },
		{ 0, ~8u, false },   { 1, 4086, true },	 { 1, 4087, false },
		{ 4086, 1, true },   { 4086, 2, false }, { 4000, 87, true },
		{ 4000, 88, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t before = fake_service.requested;
		uint32_t r;

		fake_service.answer.size = 1;
		r = send(BUFFER + cases[i].off, 8, 0, cases[i].size);
		if (cases[i].good) {
			assert_int_equal(r, SVSM_SUCCESS);
			assert_int_equal(fake_service.size, cases[i].size);
			assert_int_equal(fake_service.op, VTPM_OP_COMMAND);
		} else {
			assert_int_equal(r,
					 (uint32_t)SVSM_ERR_INVALID_PARAMETER);
		}
		assert_int_equal(fake_service.requested - before,
				 cases[i].good);
	}
}

static void heads(void **state)
{
	(void)state;
	for (uint32_t locality = 0; locality < 256; locality++) {
		uint32_t r = send(BUFFER, 8, (uint8_t)locality, 10);

		assert_int_equal(
			r, locality <= 4
				   ? 0
				   : (uint32_t)SVSM_ERR_INVALID_PARAMETER);
		if (locality <= 4)
			assert_int_equal(fake_service.arg, locality);
	}
	assert_int_equal(fake_service.requested, 5);
	assert_int_equal(send(BUFFER, 0, 0, 10),
			 (uint32_t)SVSM_ERR_UNSUPPORTED_CALL);
	assert_int_equal(send(BUFFER, 0x108, 0, 10),
			 (uint32_t)SVSM_ERR_UNSUPPORTED_CALL);
	assert_int_equal(fake_service.requested, 5);
}

static void places(void **state)
{
	static const uint64_t bad[] = {
		WORLD_OURS,	     WORLD_OURS + WORLD_OURS_SIZE - PAGE_4K,
		WORLD_INVALID,	     WORLD_RAM,
		WORLD_RAM - PAGE_4K, 1ull << 45,
		1ull << 51,	     ~0xfffull,
		0xffffffff80000000,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(command(bad[i]),
				 (uint32_t)SVSM_ERR_INVALID_ADDRESS);
	assert_int_equal(command(0), (uint32_t)SVSM_ERR_INVALID_PARAMETER);
	for (uint64_t off = PAGE_4K - HEAD; off < PAGE_4K; off++)
		assert_int_equal(command(BUFFER + off),
				 (uint32_t)SVSM_ERR_INVALID_PARAMETER);
	assert_int_equal(fake_service.requested, 0);
}

/* After the head was read: another size, another locality. */
static void change(void)
{
	struct svsm_vtpm_command head = { 1, 77, 4096 };

	memcpy(world_at(BUFFER), &head, sizeof(head));
	fake_service.at_page = NULL;
}

static void changed_meanwhile(void **state)
{
	(void)state;
	fake_service.at_page = change;
	memset(world_at(BUFFER + HEAD), 0x3c, 100);
	assert_int_equal(send(BUFFER, 8, 3, 100), SVSM_SUCCESS);
	assert_int_equal(fake_service.arg, 3);
	assert_int_equal(fake_service.size, 100);
	/* The page holds what was asked for, and no more. */
	assert_int_equal(((uint8_t *)world_at(fake_service.page.v))[99], 0x3c);
	assert_int_equal(((uint8_t *)world_at(fake_service.page.v))[100], 0);
}

static void answers(void **state)
{
	uint8_t *page = world_at(fake_service.page.v);
	uint32_t length;

	(void)state;
	for (uint32_t size = 0; size <= 4092; size += 1023) {
		fake_service.answer.size = size;
		memset(world_at(BUFFER), 0xee, PAGE_4K);
		assert_int_equal(send(BUFFER, 8, 0, 20), SVSM_SUCCESS);
		memcpy(&length, world_at(BUFFER), sizeof(length));
		assert_int_equal(length, size);
		assert_memory_equal((char *)world_at(BUFFER) + 4, page, size);
		if (size < 4000)
			assert_int_equal(
				((uint8_t *)world_at(BUFFER))[4 + size + 20],
				0xee);
	}
}

/* Never past the page that the guest named, nor a part of an answer. */
static void answers_too_large(void **state)
{
	static const uint32_t sizes_tried[] = { 93, 94, 4092, 4093, ~0u, ~3u };
	uint8_t next[64], was[64];

	(void)state;
	memset(world_at(BUFFER + PAGE_4K), 0x11, PAGE_4K);
	memset(next, 0x11, sizeof(next));
	for (size_t i = 0; i < sizeof(sizes_tried) / sizeof(uint32_t); i++) {
		fake_service.answer.size = sizes_tried[i];
		memset(was, 0xee, sizeof(was));
		assert_int_equal(send(BUFFER + 4000, 8, 0, 20),
				 (uint32_t)SVSM_ERR_INVALID_PARAMETER);
		assert_memory_equal(world_at(BUFFER + PAGE_4K), next, 64);
	}
	fake_service.answer.size = 92;
	assert_int_equal(send(BUFFER + 4000, 8, 0, 20), SVSM_SUCCESS);
	assert_memory_equal(world_at(BUFFER + PAGE_4K), next, 64);
}

static void turns(void **state)
{
	(void)state;
	fake_service.turn = SERVICE_BUSY;
	assert_int_equal(send(BUFFER, 8, 0, 10), (uint32_t)SVSM_ERR_BUSY);
	fake_service.turn = SERVICE_GONE;
	assert_int_equal(send(BUFFER, 8, 0, 10),
			 (uint32_t)SVSM_ERR_INVALID_REQUEST);
	assert_int_equal(fake_service.worked, 0);
	assert_int_equal(fake_service.left, 0);
	fake_service.entered = 0;
	fake_service.turn = SERVICE_FREE;
	fake_service.end = SERVICE_MORE;
	assert_int_equal(send(BUFFER, 8, 0, 10), (uint32_t)SVSM_ERR_INCOMPLETE);
	assert_int_equal(fake_service.requested, 1);
	assert_ptr_equal(fake_service.caller.who, world_cpu[0].vcpu);
	assert_int_equal(fake_service.caller.key, BUFFER);
	/* Resumed: the head is not looked at again, whatever is there now. */
	fake_service.turn = SERVICE_RESUME;
	fake_service.end = SERVICE_DONE;
	assert_int_equal(send(BUFFER, 1, 9, ~0u), SVSM_SUCCESS);
	assert_int_equal(fake_service.requested, 1);
	fake_service.end = SERVICE_CRASHED;
	assert_int_equal(send(BUFFER, 8, 0, 10),
			 (uint32_t)SVSM_ERR_INVALID_REQUEST);
	fake_service.end = SERVICE_DONE;
	fake_service.answer.result = SERVICE_FAILED;
	assert_int_equal(send(BUFFER, 8, 0, 10),
			 (uint32_t)SVSM_ERR_INVALID_REQUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(queries, setup),
		cmocka_unit_test_setup(sizes, setup),
		cmocka_unit_test_setup(heads, setup),
		cmocka_unit_test_setup(places, setup),
		cmocka_unit_test_setup(changed_meanwhile, setup),
		cmocka_unit_test_setup(answers, setup),
		cmocka_unit_test_setup(answers_too_large, setup),
		cmocka_unit_test_setup(turns, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

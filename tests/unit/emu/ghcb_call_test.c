/* SPDX-License-Identifier: MIT */
/* GHCB pages: valid bits both ways, usage, and where scratch may lie. */
/* test-sources: emu/ghcb_call.c */
#include "emu/ghcb_call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define GPA 0x12345000ull

static struct ghcb page;

static void valid(size_t field)
{
	page.valid_bitmap[field / 64] |= (uint8_t)(1u << field / 8 % 8);
}

#define VALID(field) valid(offsetof(struct ghcb, field))

static int reset(void **state)
{
	(void)state;
	memset(&page, 0, sizeof(page));
	page.protocol_version = 2;
	page.sw_exitcode = GHCB_NAE_MSR;
	page.sw_exitinfo1 = 1;
	page.sw_exitinfo2 = 2;
	VALID(sw_exitcode);
	VALID(sw_exitinfo1);
	VALID(sw_exitinfo2);
	return 0;
}

static struct ghcb_call read_ok(void)
{
	struct ghcb_call call;

	assert_int_equal(ghcb_call_read(&page, GPA, &call), 0);
	return call;
}

/* The byte:bit column of the sheet's table. */
static void test_bitmap_places(void **state)
{
	(void)state;
	memset(page.valid_bitmap, 0, 16);
	VALID(rax);
	assert_int_equal(page.valid_bitmap[7], 0x80);
	VALID(rcx);
	VALID(rbx);
	assert_int_equal(page.valid_bitmap[0x3fc - 0x3f0], 0x0a);
	VALID(sw_scratch);
	assert_int_equal(page.valid_bitmap[0x3fe - 0x3f0], 0x20);
	VALID(cpl);
	assert_int_equal(page.valid_bitmap[3], 0x02);
}

static void test_only_valid_registers(void **state)
{
	struct ghcb_call call;

	(void)state;
	page.rax = 11;
	page.rcx = 22;
	page.rdx = 33;
	page.sw_scratch = 44;
	VALID(rcx);
	VALID(sw_scratch);
	call = read_ok();
	assert_int_equal(call.code, GHCB_NAE_MSR);
	assert_int_equal(call.info1, 1);
	assert_int_equal(call.info2, 2);
	assert_int_equal(call.rcx, 22);
	assert_int_equal(call.scratch, 44);
	assert_int_equal(call.rax, 0);
	assert_int_equal(call.rdx, 0);
	assert_int_equal(call.given,
			 GHCB_HAS_CALL | GHCB_HAS_RCX | GHCB_HAS_SCRATCH);
}

static void test_refused(void **state)
{
	struct ghcb_call call;

	(void)state;
	page.ghcb_usage = 1;
	assert_int_equal(ghcb_call_read(&page, GPA, &call),
			 GHCB_ERR_INVALID_USAGE);
	page.ghcb_usage = 0;
	for (unsigned int bit = 2; bit < 5; bit++) {
		page.valid_bitmap[14] ^= (uint8_t)(1u << bit);
		assert_int_equal(ghcb_call_read(&page, GPA, &call),
				 GHCB_ERR_MISSING_INPUT);
		page.valid_bitmap[14] ^= (uint8_t)(1u << bit);
	}
	(void)read_ok();
}

static void test_scratch_version_2(void **state)
{
	struct ghcb_call call;
	uint32_t offset;

	(void)state;
	page.sw_scratch = GPA + 0x800;
	call = read_ok();
	assert_false(ghcb_scratch_inside(&call, 4, &offset)); /* not valid */
	VALID(sw_scratch);
	call = read_ok();
	assert_true(ghcb_scratch_inside(&call, 0x7f0, &offset));
	assert_int_equal(offset, 0x800);
	assert_false(ghcb_scratch_inside(&call, 0x7f1, &offset));
	assert_false(ghcb_scratch_inside(&call, UINT64_MAX, &offset));
	assert_false(ghcb_scratch_elsewhere(&call));
	call.scratch = GPA + 0xff0 - 4;
	assert_true(ghcb_scratch_inside(&call, 4, &offset));
	assert_false(ghcb_scratch_inside(&call, 5, &offset));
	call.scratch = GPA + 0x7ff;
	assert_false(ghcb_scratch_inside(&call, 1, &offset));
	call.scratch = UINT64_MAX;
	assert_false(ghcb_scratch_inside(&call, 1, &offset));
	call.scratch = GPA + 0x1000;
	assert_false(ghcb_scratch_inside(&call, 1, &offset));
	assert_false(ghcb_scratch_elsewhere(&call));
}

static void test_scratch_version_1(void **state)
{
	struct ghcb_call call;

	(void)state;
	page.protocol_version = 1;
	page.sw_scratch = GPA + 0x1000;
	assert_false(ghcb_scratch_elsewhere(&(struct ghcb_call){ 0 }));
	VALID(sw_scratch);
	call = read_ok();
	assert_true(ghcb_scratch_elsewhere(&call));
	call.scratch = GPA + 0x10; /* over the fields: never */
	assert_false(ghcb_scratch_elsewhere(&call));
}

static void test_finish(void **state)
{
	struct ghcb_call call;
	uint8_t want[16] = { 0 };

	(void)state;
	VALID(rcx);
	call = read_ok();
	call.rax = 0x1111;
	call.rdx = 0x2222;
	call.set = GHCB_HAS_RAX | GHCB_HAS_RDX;
	call.out2 = 7;
	ghcb_call_finish(&call);
	assert_int_equal(page.rax, 0x1111);
	assert_int_equal(page.rdx, 0x2222);
	assert_int_equal(page.sw_exitinfo1, 0);
	assert_int_equal(page.sw_exitinfo2, 7);
	want[7] = 0x80;	 /* RAX */
	want[12] = 0x04; /* RDX */
	want[14] = 0x18; /* both infos */
	assert_memory_equal(page.valid_bitmap, want, 16);
}

static void test_errors_return_nothing_else(void **state)
{
	struct ghcb_call call = read_ok();

	(void)state;
	page.rax = 5;
	call.rax = 6;
	call.set = GHCB_HAS_RAX;
	ghcb_malformed(&call, GHCB_ERR_INVALID_INPUT);
	ghcb_call_finish(&call);
	assert_int_equal(page.rax, 5);
	assert_int_equal(page.sw_exitinfo1, 2);
	assert_int_equal(page.sw_exitinfo2, 5);
	call.set = GHCB_HAS_RAX;
	ghcb_raise(&call, 0x80000b0d);
	ghcb_call_finish(&call);
	assert_int_equal(page.rax, 5);
	assert_int_equal(page.sw_exitinfo1, 1);
	assert_int_equal(page.sw_exitinfo2, 0x80000b0d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_bitmap_places, reset),
		cmocka_unit_test_setup(test_only_valid_registers, reset),
		cmocka_unit_test_setup(test_refused, reset),
		cmocka_unit_test_setup(test_scratch_version_2, reset),
		cmocka_unit_test_setup(test_scratch_version_1, reset),
		cmocka_unit_test_setup(test_finish, reset),
		cmocka_unit_test_setup(test_errors_return_nothing_else, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

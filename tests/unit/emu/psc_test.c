/* SPDX-License-Identifier: MIT */
/* Page state change requests: the worked examples and everything malformed. */
/* test-sources: emu/psc.c */
#include "emu/psc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct psc_buffer buffer;

static struct psc_walk begin(uint16_t cur, uint16_t end)
{
	struct psc_walk w;

	buffer.cur_entry = cur;
	buffer.end_entry = end;
	assert_int_equal(psc_begin(&buffer, &w), PSC_DONE);
	return w;
}

static void test_worked_example(void **state)
{
	struct psc_walk w;
	struct psc_op op;

	(void)state;
	buffer.entry[0] = 0x0010000012345000;
	buffer.entry[1] = 0x0120000040000000;
	w = begin(0, 1);
	assert_true(psc_more(&w));
	assert_int_equal(psc_entry(&w, &op), PSC_DONE);
	assert_int_equal(op.gpa.v, 0x12345000);
	assert_int_equal(op.op, PSC_OP_PRIVATE);
	assert_false(op.large);
	assert_int_equal(op.count, 1);
	psc_advance(&w, &op);
	assert_int_equal(buffer.cur_entry, 1);
	assert_int_equal(buffer.entry[0], 0x0010000012345001);
	assert_true(psc_more(&w));
	assert_int_equal(psc_entry(&w, &op), PSC_DONE);
	assert_int_equal(op.gpa.v, 0x40000000);
	assert_int_equal(op.op, PSC_OP_SHARED);
	assert_true(op.large);
	assert_int_equal(op.count, 512);
	psc_advance(&w, &op);
	assert_int_equal(buffer.cur_entry, 2);
	assert_false(psc_more(&w));
	assert_int_equal(buffer.entry[1], 0x0120000040000200);
}

static void test_bad_header(void **state)
{
	struct psc_walk w;

	(void)state;
	buffer.cur_entry = 0;
	buffer.end_entry = PSC_MAX_ENTRIES;
	assert_true(psc_begin(&buffer, &w) == PSC_ERR_BAD_HEADER);
	/* Nothing left is not an error: the guest asks again until then. */
	w = begin(5, 4);
	assert_false(psc_more(&w));
	w = begin(65535, 252);
	assert_false(psc_more(&w));
}

static void test_bad_entries(void **state)
{
	static const uint64_t bad[] = {
		0x0000000012345000, /* operation 0 */
		0x0050000012345000, /* operation 5 */
		0x0210000012345000, /* reserved bit 57 */
		0x8010000012345000, /* reserved bit 63 */
		0x0110000012345000, /* 2 MiB, not aligned */
		0x0010000012345002, /* more than done */
		0x0110000040000201,
	};
	struct psc_walk w;
	struct psc_op op;

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		buffer.entry[3] = bad[i];
		w = begin(3, 3);
		assert_true(psc_entry(&w, &op) == PSC_ERR_BAD_ENTRY);
		assert_int_equal(buffer.cur_entry, 3);
		assert_true(buffer.entry[3] == bad[i]);
	}
}

static void test_resumed_entry(void **state)
{
	struct psc_walk w;
	struct psc_op op;

	(void)state;
	buffer.entry[0] = 0x0110000040000000 | 100;
	w = begin(0, 0);
	assert_int_equal(psc_entry(&w, &op), PSC_DONE);
	assert_int_equal(op.first, 100);
	assert_int_equal(op.count, 512);
}

static void test_msr(void **state)
{
	struct psc_op op;

	(void)state;
	assert_true(psc_from_msr(0x0010000012345014, &op));
	assert_int_equal(op.gpa.v, 0x12345000);
	assert_int_equal(op.op, PSC_OP_PRIVATE);
	assert_true(psc_from_msr(0x0020000012345014, &op));
	assert_int_equal(op.op, PSC_OP_SHARED);
	assert_false(psc_from_msr(0x0030000012345014, &op));
	assert_false(psc_from_msr(0x0110000012345014, &op));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worked_example),
		cmocka_unit_test(test_bad_header),
		cmocka_unit_test(test_bad_entries),
		cmocka_unit_test(test_resumed_entry),
		cmocka_unit_test(test_msr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

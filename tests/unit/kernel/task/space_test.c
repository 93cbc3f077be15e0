/* SPDX-License-Identifier: MIT */
/* Address spaces: rights, the kernel's half, what comes back; processes out of
 * an archive, and out of damaged ones. */
/* test-sources: kernel/task/space.c kernel/task/load.c kernel/task/entropy.c */
/* test-sources: kernel/mm/page.c kernel/mm/heap.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c lib/str.c */
/* test-sources: lib/inflate.c tests/fake/user.c tests/fake/mm.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
/* test-libs: -lz */
#include "kernel/task/space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "kernel/mm/gate.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/page.h"
#include "tests/fake/mm.h"
#include "tests/fake/user.h"

#define TEXT_VA	  0x400000ull
#define DATA_VA	  0x600000ull
#define TEXT_SIZE (3 * PAGE_4K)
#define DATA_SIZE (5 * PAGE_4K)
#define DATA_FILE (2 * PAGE_4K + 77)

static struct task t __attribute__((aligned(16)));
static uint8_t archive[0x10000];
static struct archive_entry image;
static uint64_t taken; /* before a space is made */

static int setup(void **state)
{
	static void *arena;

	(void)state;
	fake_gate = (struct fake_gate){ 0 };
	user_reset();
	if (!arena)
		arena = aligned_alloc(PAGE_4K, PAGE_2M);
	memset(arena, 0, PAGE_2M);
	heap_init(arena, PAGE_2M);
	taken = page_count_taken();
	return 0;
}

static void add_and_drop(void **state)
{
	struct space s;
	struct pa page;

	(void)state;
	assert_int_equal(space_make(&s), OK);
	assert_int_equal(space_add(&s, 0x1000, SPACE_WRITE), OK);
	assert_int_equal(space_add(&s, 0x1000, 0), ERR_EXISTS);
	assert_int_equal(space_add(&s, USER_END, 0), ERR_RANGE);
	assert_int_equal(space_add(&s, 0xffffffff80000000, 0), ERR_RANGE);
	assert_int_equal(space_add(&s, 0x1008, 0), ERR_RANGE);
	assert_int_equal(space_add(&s, USER_END - PAGE_4K, 0), OK);
	assert_int_equal(s.pages, 1 + 3 + 1 + 3 + 1);
	assert_int_equal(space_page(&s, 0x2000, &page), ERR_ABSENT);
	assert_int_equal(space_page(&s, 0x1000, &page), OK);
	memset(fake.ram + page.v, 0x77, PAGE_4K);
	assert_true(space_drop(&s, 0x1000));
	assert_int_equal(fake.ram[page.v], 0); /* wiped */
	assert_false(space_drop(&s, 0x1000));
	assert_false(space_drop(&s, 0x700000000000));
	assert_false(space_drop(&s, ~0xfffull));
	space_end(&s);
	assert_int_equal(page_count_taken(), taken);
}

static void rights(void **state)
{
	struct space s;

	(void)state;
	assert_int_equal(space_make(&s), OK);
	assert_int_equal(space_add(&s, 0x1000, SPACE_EXEC), OK);
	assert_int_equal(space_add(&s, 0x2000, SPACE_WRITE), OK);
	assert_int_equal(space_add(&s, 0x3000, SPACE_NONE), OK);
	fake.cr3 = space_root(&s);
	assert_non_null(user_at(0x1000, false, true));
	assert_null(user_at(0x1000, true, false));
	assert_non_null(user_at(0x2000, true, false));
	assert_null(user_at(0x2000, false, true));
	assert_null(user_at(0x3000, false, false));
	assert_int_equal(space_protect(&s, 0x1000, SPACE_WRITE), ERR_STATE);
	assert_int_equal(space_protect(&s, 0x2000, SPACE_EXEC), ERR_RANGE);
	assert_int_equal(space_protect(&s, 0x4000, 0), ERR_ABSENT);
	assert_int_equal(space_protect(&s, 0x3000, SPACE_WRITE), OK);
	assert_non_null(user_at(0x3000, true, false));
	assert_int_equal(space_protect(&s, 0x3000, 0), OK);
	assert_null(user_at(0x3000, true, false));
	space_end(&s);
	assert_int_equal(page_count_taken(), taken);
}

/* Whatever else is asked for: bits that mean nothing hide nothing. */
static void never_both_rights(void **state)
{
	struct space s;

	(void)state;
	assert_int_equal(space_make(&s), OK);
	if (setjmp(fake_panic) == 0) {
		assert_int_equal(space_add(&s, 0x1000,
					   SPACE_WRITE | SPACE_EXEC | 8u),
				 ERR_RANGE);
		fail();
	}
	space_end(&s);
	assert_int_equal(page_count_taken(), taken);
}

static void fill(uint8_t *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)(i * 11 + i / 256);
}

static void archive_make(void)
{
	static uint8_t plain[TEXT_SIZE + DATA_FILE];
	z_stream z = { .next_in = plain,
		       .avail_in = sizeof(plain),
		       .next_out = archive,
		       .avail_out = sizeof(archive) };

	fill(plain, sizeof(plain));
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 9, 0), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	image = (struct archive_entry){
		.name = "test",
		.packed = z.total_out,
		.entry = TEXT_VA + 8,
		.phdr = TEXT_VA + 64,
		.phdr_count = 2,
		.segments = 2,
		.stack = 4 * PAGE_4K,
		.heap = 16 * PAGE_4K,
		.segment = { { TEXT_VA, TEXT_SIZE, TEXT_SIZE, ARCHIVE_EXEC, 0 },
			     { DATA_VA, DATA_SIZE, DATA_FILE, ARCHIVE_WRITE,
			       0 } },
	};
	deflateEnd(&z);
}

static uint64_t word(uint64_t va)
{
	uint64_t v;

	memcpy(&v, user_at(va, false, false), sizeof(v));
	return v;
}

static void stack_look(uint32_t restarts)
{
	uint64_t sp = t.frame.rsp;
	char told[24];

	assert_int_equal(sp % 16, 0);
	assert_true(sp < TASK_STACK_TOP && sp > TASK_STACK_TOP - PAGE_4K);
	assert_int_equal(word(sp), 2);
	assert_string_equal(user_at(word(sp + 8), false, false), "test");
	snprintf(told, sizeof(told), "restarts=%u", restarts);
	assert_string_equal(user_at(word(sp + 16), false, false), told);
	assert_int_equal(word(sp + 24), 0);
	/* Guards: the page behind the stack, and the one below it. */
	assert_null(user_at(TASK_STACK_TOP, false, false));
	assert_null(user_at(TASK_STACK_TOP - 5 * PAGE_4K, false, false));
	assert_non_null(user_at(TASK_STACK_TOP - 4 * PAGE_4K, true, false));
	assert_null(user_at(0, false, false));
}

static void load(void **state)
{
	(void)state;
	archive_make();
	t.restarts = 3;
	assert_int_equal(task_load(&t, archive, &image), OK);
	fake.cr3 = space_root(&t.space);
	user_check(&t);
	for (uint64_t i = 0; i < TEXT_SIZE + DATA_SIZE; i++) {
		uint64_t va = i < TEXT_SIZE ? TEXT_VA + i
					    : DATA_VA + i - TEXT_SIZE;
		uint8_t want = i < TEXT_SIZE + DATA_FILE
				       ? (uint8_t)(i * 11 + i / 256)
				       : 0;

		assert_int_equal(*(uint8_t *)user_at(va, false, false), want);
	}
	assert_null(user_at(TEXT_VA, true, false));
	assert_null(user_at(DATA_VA, false, true));
	stack_look(3);
	assert_int_equal(t.frame.rip, TEXT_VA + 8);
	task_end(&t);
	assert_int_equal(t.state, TASK_NONE);
	assert_int_equal(t.frame.rsp, 0);
	/* The unpacker's room stays, for the next. */
	assert_int_equal(task_load(&t, archive, &image), OK);
	task_end(&t);
}

/* Every n-th page cannot be had: nothing is kept, and then it works. */
static void load_without_memory(void **state)
{
	uint64_t n = 0, before;
	enum err e;

	(void)state;
	archive_make();
	assert_int_equal(task_load(&t, archive, &image), OK);
	task_end(&t);
	before = page_count_taken();
	do {
		fake_gate = (struct fake_gate){ .fail_at = ++n };
		e = task_load(&t, archive, &image);
		if (e == OK)
			task_end(&t);
		else
			assert_int_equal(e, ERR_NOMEM);
		assert_int_equal(page_count_taken(), before);
	} while (e != OK);
	assert_true(n > 12);
}

static void load_damaged(void **state)
{
	uint64_t before;

	(void)state;
	archive_make();
	assert_int_equal(task_load(&t, archive, &image), OK);
	task_end(&t);
	before = page_count_taken();
	image.packed /= 2;
	assert_int_equal(task_load(&t, archive, &image), ERR_FORMAT);
	archive_make();
	image.segment[1].file_size--;
	assert_int_equal(task_load(&t, archive, &image), ERR_RANGE);
	archive_make();
	image.segment[1].file_size++;
	assert_int_equal(task_load(&t, archive, &image), ERR_FORMAT);
	archive_make();
	archive[0] ^= 6;
	assert_int_equal(task_load(&t, archive, &image), ERR_FORMAT);
	assert_int_equal(page_count_taken(), before);
	assert_int_equal(t.state, TASK_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(add_and_drop, setup),
		cmocka_unit_test_setup(rights, setup),
		cmocka_unit_test_setup(never_both_rights, setup),
		cmocka_unit_test_setup(load, setup),
		cmocka_unit_test_setup(load_without_memory, setup),
		cmocka_unit_test_setup(load_damaged, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

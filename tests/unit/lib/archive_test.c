/* SPDX-License-Identifier: MIT */
/* The archive of services: each number that makes no sense is found. */
/* test-sources: lib/archive.c lib/str.c */
#include "lib/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VA    0x400000ull
#define PAGE  4096ull
#define COUNT 2u

struct sample {
	struct archive_header h;
	struct archive_entry e[COUNT];
	uint8_t stream[200];
};

static struct sample sample(void)
{
	struct sample s = { .h = { ARCHIVE_MAGIC, COUNT, 0 } };

	for (uint32_t i = 0; i < COUNT; i++)
		s.e[i] = (struct archive_entry){
			.name = { 'n', (char)('0' + i) },
			.offset = offsetof(struct sample, stream) + 100 * i,
			.packed = 100,
			.entry = VA + 16,
			.phdr = VA + 64,
			.phdr_count = 2,
			.segments = 2,
			.stack = 4 * PAGE,
			.heap = 16 * PAGE,
			.segment = { { VA, 2 * PAGE, PAGE + 1, ARCHIVE_EXEC,
				       0 },
				     { VA + 2 * PAGE, PAGE, 0, ARCHIVE_WRITE,
				       0 } },
		};
	return s;
}

/* On the heap, so that a byte too far is seen. */
static enum err judge(const struct sample *s, size_t size)
{
	void *copy = malloc(size ? size : 1);
	enum err e;

	memcpy(copy, s, size);
	e = archive_check(copy, size);
	free(copy);
	return e;
}

static void good(void **state)
{
	struct sample s = sample();

	(void)state;
	assert_int_equal(judge(&s, sizeof(s)), OK);
	assert_int_equal(archive_count(&s), COUNT);
	assert_ptr_equal(archive_find(&s, "n1"), &s.e[1]);
	assert_null(archive_find(&s, "n"));
	assert_null(archive_find(&s, "n11"));
	/* Two segments, stack, heap; tables beside them. */
	assert_in_range(archive_memory(&s.e[0]), 23 * PAGE, 64 * PAGE);
	s.h.count = 0;
	assert_int_equal(judge(&s, sizeof(s.h)), OK);
}

static void every_length(void **state)
{
	struct sample s = sample();

	(void)state;
	for (size_t n = 0; n < sizeof(s); n++)
		assert_int_equal(judge(&s, n), ERR_FORMAT);
}

static void heads(void **state)
{
	struct sample s = sample();

	(void)state;
	s.h.magic++;
	assert_int_equal(judge(&s, sizeof(s)), ERR_FORMAT);
	s = sample();
	s.h.count = ARCHIVE_MAX + 1;
	assert_int_equal(judge(&s, sizeof(s)), ERR_FORMAT);
	s.h.count = ~0u;
	assert_int_equal(judge(&s, sizeof(s)), ERR_FORMAT);
}

#define BAD(change)                                                 \
	do {                                                        \
		struct sample s = sample();                         \
		struct archive_entry *e = &s.e[1];                  \
		struct archive_segment *x = &e->segment[0];         \
		struct archive_segment *w = &e->segment[1];         \
		(void)x;                                            \
		(void)w;                                            \
		change;                                             \
		assert_int_equal(judge(&s, sizeof(s)), ERR_FORMAT); \
	} while (0)

static void names(void **state)
{
	(void)state;
	BAD(e->name[0] = 0);
	BAD(e->name[1] = '0'); /* the other's */
	BAD(e->name[1] = ' ');
	BAD(e->name[1] = '\n');
	BAD(e->name[1] = (char)0xff);
	BAD(memset(e->name, 'x', ARCHIVE_NAME_MAX));
}

static void streams(void **state)
{
	(void)state;
	BAD(e->packed = 0);
	BAD(e->packed = 101);
	BAD(e->packed = ~0ull);
	BAD(e->packed = ARCHIVE_PACKED_MAX + 1);
	BAD(e->offset = ~0ull - 50);
	BAD(e->offset = sizeof(struct sample) + 1);
	BAD(e->offset = 0);
	BAD(e->offset = offsetof(struct sample, stream) - 1);
}

static void sizes(void **state)
{
	(void)state;
	BAD(e->stack = 0);
	BAD(e->stack = PAGE + 1);
	BAD(e->stack = 1ull << 40);
	BAD(e->stack = 0ull - PAGE);
	BAD(e->heap = 0);
	BAD(e->heap = 100);
	BAD(e->heap = 1ull << 40);
	BAD(e->phdr_count = 1000);
	BAD(e->phdr_count = ~0u);
	BAD(e->phdr = VA - 8);
	BAD(e->phdr = VA + PAGE);
	BAD(e->phdr = ~0ull);
}

static void segments(void **state)
{
	(void)state;
	BAD(e->segments = 0);
	BAD(e->segments = ARCHIVE_SEGMENTS + 1);
	BAD(e->segments = ~0u);
	BAD(x->va = 0);
	BAD(x->va = ARCHIVE_VA_MIN - PAGE);
	BAD(x->va = VA + 8);
	BAD(x->va = 0xffffffff80000000);
	BAD(x->size = 0);
	BAD(x->size = PAGE + 8);
	BAD(x->size = 3 * PAGE); /* over the next */
	BAD(x->size = 0ull - PAGE);
	BAD(x->file_size = 2 * PAGE + 1);
	BAD(x->file_size = ~0ull);
	BAD(x->rights = ARCHIVE_EXEC | ARCHIVE_WRITE);
	BAD(x->rights = 4);
	BAD(x->rights = 0); /* its entry could not be run */
	BAD(w->va = VA);
	BAD(w->va = VA - 4 * PAGE);
	BAD(w->va = ARCHIVE_VA_MAX - PAGE; w->size = 2 * PAGE);
	BAD(w->va = ARCHIVE_VA_MAX);
	BAD(w->va = ~0ull - PAGE + 1);
	BAD(e->entry = VA + PAGE + 1);
	BAD(e->entry = VA + 2 * PAGE);
	BAD(e->entry = 0xffffffff80000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),	    cmocka_unit_test(every_length),
		cmocka_unit_test(heads),    cmocka_unit_test(names),
		cmocka_unit_test(streams),  cmocka_unit_test(sizes),
		cmocka_unit_test(segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

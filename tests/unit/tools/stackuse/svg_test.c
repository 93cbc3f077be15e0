/* SPDX-License-Identifier: MIT */
/* The picture and the page: whole, escaped, true. */
/* test-sources: tools/stackuse/svg.c tools/stackuse/page.c */
/* test-sources: tools/stackuse/build.c tools/stackuse/resolve.c */
/* test-sources: tools/stackuse/binary.c tools/stackuse/source.c */
/* test-sources: tools/stackuse/numbers.c tools/stackuse/depth.c */
/* test-sources: tools/stackuse/tree.c tools/stackuse/graph.c */
/* test-sources: tools/stackuse/rules.c tools/stackuse/vcg.c */
/* test-sources: tools/stackuse/pool.c tools/common/file.c */
/* test-sources: tools/common/say.c lib/elf.c lib/str.c */
#include "tools/stackuse/svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/stackuse/page.h"

static struct pool pool;
static struct build build;
static struct rules rules;

/* One entry with a name that would break XML, 600 bytes of 1000. */
static int start(void **state)
{
	struct complaints wrong = { .pool = &pool };
	struct verdict *v;
	uint32_t from, to;

	(void)state;
	build = (struct build){ .pool = &pool, .name = "<one>" };
	rules = (struct rules){ .pool = &pool };
	if (rules_read(&rules, "r", "entry \"a&b<c>\" = f limit l", &wrong) !=
	    OK)
		return -1;
	graph_init(&build.graph, &pool);
	from = graph_get(&build.graph, "f");
	to = graph_get(&build.graph, "x<y>&\"z");
	graph_call(&build.graph, from, to, "");
	for (uint32_t i = 0; i < 2; i++) {
		build.graph.items[i].from = FRAME_COMPILER;
		build.graph.items[i].frame = 300;
		build.graph.items[i].linked = true;
	}
	v = POOL_ADD(&pool, &build.verdicts);
	v->entry = &rules.items[0];
	v->limit = 1000;
	depths_find(&v->depths, &build.graph, &rules, v->entry, "one", &wrong);
	v->known = v->depths.first != DEPTH_NONE;
	return wrong.count ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

/* Every < opens a tag that is closed in order; every & is an entity. */
static void xml_check(const char *p)
{
	const char *open[16];
	size_t depth = 0;

	for (; *p; p++) {
		const char *end;

		if (*p == '&')
			assert_true(!strncmp(p, "&lt;", 4) ||
				    !strncmp(p, "&gt;", 4) ||
				    !strncmp(p, "&amp;", 5));
		if (*p != '<' || p[1] == '?')
			continue;
		end = strchr(p, '>');
		assert_non_null(end);
		if (p[1] == '/') {
			assert_true(depth > 0);
			depth--;
			assert_memory_equal(open[depth], p + 2,
					    (size_t)(end - p - 2));
		} else if (end[-1] != '/') {
			assert_true(depth < 16);
			open[depth++] = p + 1;
		}
		p = end;
	}
	assert_int_equal(depth, 0);
}

static void pictures_are_good_xml(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	(void)state;
	assert_non_null(to);
	svg_write(to, &build, 1);
	assert_int_equal(fclose(to), 0);
	xml_check(text);
	assert_non_null(strstr(text, "&lt;one&gt;: a&amp;b&lt;c&gt;, 600 of "
				     "1000 bytes, 60 %"));
	/* The second function begins in the middle, and is half as wide. */
	assert_non_null(strstr(text, "x=\"396.0\" y=\"74\" width=\"380.0\""));
	free(text);
}

static void page_is(const char *text, const char *expected)
{
	struct complaints broken = { .pool = &pool };

	page_check("page", text, &build, 1, &broken);
	if (!expected)
		assert_int_equal(broken.count, 0);
	else if (!broken.count || !strstr(broken.items[0], expected))
		fail_msg("%s, not %s",
			 broken.count ? broken.items[0] : "nothing", expected);
}

#define PAGE(rows) "x\n" PAGE_BEGIN "| head |\n|---|\n" rows PAGE_END "y\n"
#define ROW	   "| a&b<c> | 1000 | "

static void pages_tell_the_truth(void **state)
{
	char *made;

	(void)state;
	made = page_update(&pool, "x\n" PAGE_BEGIN "old\n" PAGE_END "y\n",
			   &build, 1);
	assert_non_null(strstr(made, ROW "768 |\n" PAGE_END "y\n"));
	page_is(made, NULL);
	page_is(PAGE(ROW "600 |\n"), NULL);
	page_is(PAGE(ROW "599 |\n"), "at most 599, it is 600");
	page_is(PAGE(ROW "1712 |\n"), NULL);
	page_is(PAGE(ROW "1713 |\n"), "at most 1713");
	page_is(PAGE(ROW "- |\n"), "at most 0");
	page_is(PAGE(ROW), "at most 0");
	page_is(PAGE("| a&b<c> | 999 | 600 |\n"), "the limit is 1000");
	page_is(PAGE(""), "no row");
	page_is(PAGE(ROW "600 |\n" ROW "600 |\n"), "2 rows, not 1");
	page_is("", "no table");
	page_is(PAGE_BEGIN ROW, "no table");
	page_is(PAGE_END PAGE_BEGIN, "no table");
	page_is(PAGE_BEGIN PAGE_END, "no row");
	assert_null(page_update(&pool, "nothing", &build, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pictures_are_good_xml, start,
						stop),
		cmocka_unit_test_setup_teardown(pages_tell_the_truth, start,
						stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

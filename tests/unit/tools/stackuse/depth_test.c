/* SPDX-License-Identifier: MIT */
/* The longest path: plain, with cycles, bounds, detours and interrupts. */
/* test-sources: tools/stackuse/depth.c tools/stackuse/tree.c */
/* test-sources: tools/stackuse/graph.c tools/stackuse/rules.c */
/* test-sources: tools/stackuse/vcg.c tools/stackuse/pool.c */
/* test-sources: tools/common/say.c */
#include "tools/stackuse/depth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tools/stackuse/tree.h"

/* A function with its frame and what it calls. */
struct node {
	const char *name;
	uint64_t frame;
	const char *calls[4];
};

static struct pool pool;
static struct complaints wrong;

static int stop(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

static struct graph graph_of(const struct node *nodes, size_t count)
{
	struct graph g;

	graph_init(&g, &pool);
	for (size_t i = 0; i < count; i++) {
		uint32_t from = graph_get(&g, nodes[i].name);

		g.items[from].from = FRAME_COMPILER;
		g.items[from].frame = nodes[i].frame;
		g.items[from].linked = true;
		for (size_t n = 0; n < 4 && nodes[i].calls[n]; n++) {
			uint32_t to = graph_get(&g, nodes[i].calls[n]);

			graph_call(&g, from, to, "");
		}
	}
	return g;
}

/* The depth by rules of which the last is the entry; 0: none. */
static uint64_t depth_in(struct graph *g, const char *text, struct depths *d)
{
	struct rules rules = { .pool = &pool };

	wrong = (struct complaints){ .pool = &pool };
	assert_int_equal(rules_read(&rules, "rules", text, &wrong), OK);
	depths_find(d, g, &rules, &rules.items[rules.count - 1], "build",
		    &wrong);
	assert_int_equal(wrong.count > 0, d->first == DEPTH_NONE);
	return d->first == DEPTH_NONE ? 0 : d->depth;
}

static uint64_t depth(struct graph *g, const char *text)
{
	struct depths d;

	return depth_in(g, text, &d);
}

static void complained(const char *text)
{
	assert_int_equal(wrong.count, 1);
	if (!strstr(wrong.items[0], text))
		fail_msg("%s, not %s", wrong.items[0], text);
}

#define COUNT(nodes) (sizeof(nodes) / sizeof((nodes)[0]))

static void longest_path_counts(void **state)
{
	static const struct node nodes[] = {
		{ "main", 10, { "a", "b", "a" } },
		{ "a", 100, { "c" } },
		{ "b", 20, { "d", "c" } },
		{ "c", 1, { NULL } },
		{ "d", 90, { "c" } },
	};
	struct graph g = graph_of(nodes, COUNT(nodes));

	(void)state;
	assert_int_equal(depth(&g, "entry e = main limit l"), 121);
	assert_int_equal(depth(&g, "entry e = a limit l"), 101);
	assert_int_equal(depth(&g, "entry e = main without d limit l"), 111);
	assert_int_equal(depth(&g, "entry e = main through a limit l"), 111);
	assert_int_equal(depth(&g, "entry e = main through a b limit l"), 121);
	assert_int_equal(depth(&g, "entry e = main through main limit l"), 121);
	assert_int_equal(depth(&g, "entry e = a through d limit l"), 0);
	complained("no path of entry e is through d");
	assert_int_equal(depth(&g, "entry e = nobody limit l"), 0);
	complained("the image has no nobody");
}

static void cycles_need_bounds(void **state)
{
	static const struct node nodes[] = {
		{ "main", 10, { "a" } }, { "a", 100, { "b", "leaf" } },
		{ "b", 20, { "c" } },	 { "c", 5, { "a", "c2" } },
		{ "c2", 7, { NULL } },	 { "leaf", 50, { NULL } },
	};
	struct graph g = graph_of(nodes, COUNT(nodes));

	(void)state;
	assert_int_equal(depth(&g, "entry e = main limit l"), 0);
	complained("a cycle without a bound: a -> b -> c -> a");
	/* Entered in the middle it is the same cycle. */
	assert_int_equal(depth(&g, "entry e = c limit l"), 0);
	complained("c -> a -> b -> c");
	assert_int_equal(depth(&g, "bound 1 a because x\n"
				   "entry e = main limit l"),
			 160);
	/* Two rounds, and the leaf of the second. */
	assert_int_equal(depth(&g, "bound 2 a because x\n"
				   "entry e = main limit l"),
			 10 + 125 + 150);
	assert_int_equal(depth(&g, "bound 2 b because x\n"
				   "entry e = main limit l"),
			 10 + 2 * 125 + 150);
	assert_int_equal(depth(&g, "bound 4 a c because x\n"
				   "entry e = main limit l"),
			 10 + 125 + 150);
	assert_int_equal(depth(&g, "bound 9 leaf because x\n"
				   "entry e = main limit l"),
			 0);
	complained("a cycle without a bound");
	assert_int_equal(depth(&g, "bound 99999999 a because x\n"
				   "entry e = main limit l"),
			 0);
	complained("too many to be tried");
}

static void two_cycles_need_two_bounds(void **state)
{
	static const struct node nodes[] = {
		{ "a", 1, { "a", "b" } },
		{ "b", 10, { "b", "a" } },
	};
	struct graph g = graph_of(nodes, COUNT(nodes));

	(void)state;
	assert_int_equal(depth(&g, "bound 3 a because x\nentry e = a limit l"),
			 0);
	complained("b -> b");
	assert_int_equal(depth(&g, "bound 3 a because x\nbound 2 b because y\n"
				   "entry e = a limit l"),
			 23);
}

static void interrupts_come_on_top(void **state)
{
	static const struct node nodes[] = {
		{ "main", 10, { "a" } },      { "a", 100, { NULL } },
		{ "trap", 30, { "handle" } }, { "handle", 5, { "panic" } },
		{ "panic", 500, { NULL } },
	};
	struct graph g = graph_of(nodes, COUNT(nodes));

	(void)state;
	assert_int_equal(depth(&g, "entry e = main interrupted 1 by trap "
				   "limit l"),
			 110 + 535);
	assert_int_equal(depth(&g, "entry e = main interrupted 3 by trap "
				   "limit l"),
			 110 + 3 * 535);
	assert_int_equal(depth(&g, "bound 1 panic because x\n"
				   "entry e = main interrupted 2 by trap "
				   "limit l"),
			 110 + 535 + 35);
	assert_int_equal(depth(&g, "entry e = trap interrupted 1 by trap "
				   "limit l"),
			 2 * 535);
	assert_int_equal(depth(&g, "entry e = main interrupted 1 by none "
				   "limit l"),
			 0);
	complained("the image has no none");
}

static void unknown_frames_are_named(void **state)
{
	static const struct node nodes[] = {
		{ "main", 10, { "a" } },
		{ "a", 100, { "missing" } },
	};
	struct graph g = graph_of(nodes, COUNT(nodes));

	(void)state;
	assert_int_equal(depth(&g, "entry e = main limit l"), 0);
	complained("missing, called by a, is in no call graph");
	g.items[graph_find(&g, "missing")].from = FRAME_COMPILER;
	g.items[graph_find(&g, "a")].unbounded = true;
	assert_int_equal(depth(&g, "entry e = main limit l"), 0);
	complained("alloca");
}

static void trees_show_the_deepest_first(void **state)
{
	static const struct node nodes[] = {
		{ "main", 10, { "small", "near", "deep" } },
		{ "small", 8, { NULL } },
		{ "near", 980, { NULL } },
		{ "deep", 900, { "last" } },
		{ "last", 90, { NULL } },
	};
	struct graph g = graph_of(nodes, COUNT(nodes));
	struct tree tree = { NULL, 0, 0 };
	struct depths d;

	(void)state;
	assert_int_equal(depth_in(&g, "entry e = main limit l", &d), 1000);
	tree_make(&pool, &d, &tree);
	assert_int_equal(tree.count, 4);
	assert_string_equal(tree.items[0].function->symbol, "main");
	assert_string_equal(tree.items[1].function->symbol, "deep");
	assert_string_equal(tree.items[2].function->symbol, "last");
	assert_int_equal(tree.items[2].before, 910);
	assert_true(tree.items[2].deepest);
	assert_string_equal(tree.items[3].function->symbol, "near");
	assert_false(tree.items[3].deepest);
}

static uint32_t pair_get(struct graph *g, int side, int level)
{
	uint32_t f = graph_get(g, pool_print(&pool, "%c%d", 'a' + side, level));

	g->items[f].from = FRAME_COMPILER;
	g->items[f].frame = 1 + (uint64_t)side;
	g->items[f].linked = true;
	return f;
}

/* 2^60 paths: only one walk over each function is affordable. */
static void many_paths_take_no_time(void **state)
{
	struct graph g;

	(void)state;
	graph_init(&g, &pool);
	for (int i = 0; i < 59 * 4; i++) {
		uint32_t from = pair_get(&g, i & 1, i / 4);
		uint32_t to = pair_get(&g, i >> 1 & 1, i / 4 + 1);

		graph_call(&g, from, to, "");
	}
	assert_int_equal(depth(&g, "entry e = a0 limit l"), 1 + 59 * 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(longest_path_counts, stop),
		cmocka_unit_test_teardown(cycles_need_bounds, stop),
		cmocka_unit_test_teardown(two_cycles_need_two_bounds, stop),
		cmocka_unit_test_teardown(interrupts_come_on_top, stop),
		cmocka_unit_test_teardown(unknown_frames_are_named, stop),
		cmocka_unit_test_teardown(trees_show_the_deepest_first, stop),
		cmocka_unit_test_teardown(many_paths_take_no_time, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

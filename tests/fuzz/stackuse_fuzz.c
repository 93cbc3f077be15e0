/* SPDX-License-Identifier: MIT */
/* Any bytes as call graph, rules, header and source: nothing outside is read,
 * and a refusal has a reason. */
/* test-sources: tools/stackuse/graph.c tools/stackuse/vcg.c */
/* test-sources: tools/stackuse/rules.c tools/stackuse/numbers.c */
/* test-sources: tools/stackuse/source.c tools/stackuse/pool.c */
/* test-sources: tools/common/file.c tools/common/say.c */
#include <stdlib.h>
#include <string.h>

#include "tools/stackuse/numbers.h"
#include "tools/stackuse/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool condition)
{
	if (!condition)
		abort();
}

static void read_graph(struct pool *pool, const void *data, size_t size)
{
	struct complaints wrong = { .pool = pool };
	struct graph graph;
	enum err e;

	graph_init(&graph, pool);
	e = graph_add(&graph, "fuzz", data, size, &wrong);
	insist((e == OK) == !wrong.count);
	for (uint32_t i = 0; i < graph.count; i++) {
		insist(graph_find(&graph, graph.items[i].title) == i);
		insist(graph.items[i].frame <= 0xffffffffull);
		for (size_t n = 0; n < graph.items[i].calls.count; n++)
			insist(graph.items[i].calls.items[n].to == GRAPH_NONE ||
			       graph.items[i].calls.items[n].to < graph.count);
	}
}

static void read_texts(struct pool *pool, const char *text)
{
	struct complaints wrong = { .pool = pool };
	struct numbers numbers = { .pool = pool };
	struct rules rules = { .pool = pool };
	struct words words = { NULL, 0, 0, 0 };
	uint64_t value;
	enum err e = rules_read(&rules, "fuzz", text, &wrong);

	insist((e == OK) == !wrong.count);
	numbers_add(&numbers, text);
	if (numbers_value(&numbers, text, &value))
		insist(value <= INT64_MAX);
	for (size_t i = 0; i < numbers.count && i < 64; i++)
		(void)numbers_value(&numbers, numbers.items[i].name, &value);
	(void)source_members(pool, text, "s", &words);
	(void)source_arguments(pool, text, "f", 1, &words);
	(void)source_arguments(pool, text, "f", 2, &words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool pool = { NULL };

	read_graph(&pool, data, size);
	read_texts(&pool, pool_text(&pool, (const char *)data, size));
	pool_free(&pool);
	return 0;
}

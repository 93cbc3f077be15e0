/* SPDX-License-Identifier: MIT */
/* Functions in an array, found by a hash table of their names. */
#include "tools/stackuse/graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/stackuse/vcg.h"

void complain(struct complaints *list, const char *format, ...)
{
	char text[1000]; /* a cycle may be long */
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], text))
			return;
	*POOL_ADD(list->pool, list) = pool_text(list->pool, text, strlen(text));
}

static size_t hash(const char *text)
{
	size_t h = 5381;

	while (*text)
		h = h * 33 + (unsigned char)*text++;
	return h;
}

/* The bucket that holds title, or the empty one where it belongs. */
static uint32_t *bucket_of(const struct graph *g, const char *title)
{
	size_t i = hash(title) % g->bucket_count;

	while (g->buckets[i] != GRAPH_NONE &&
	       strcmp(g->items[g->buckets[i]].title, title) != 0)
		i = (i + 1) % g->bucket_count;
	return &g->buckets[i];
}

static void buckets_make(struct graph *g, size_t count)
{
	g->bucket_count = count;
	g->buckets = pool_take(g->pool, count * sizeof(*g->buckets));
	memset(g->buckets, 0xff, count * sizeof(*g->buckets));
	for (size_t i = 0; i < g->count; i++)
		*bucket_of(g, g->items[i].title) = (uint32_t)i;
}

void graph_init(struct graph *graph, struct pool *pool)
{
	*graph = (struct graph){ .pool = pool };
	buckets_make(graph, 1024);
}

uint32_t graph_find(const struct graph *graph, const char *title)
{
	return *bucket_of(graph, title);
}

uint32_t graph_get(struct graph *graph, const char *title)
{
	uint32_t found = graph_find(graph, title);
	const char *colon = strrchr(title, ':');
	struct function *f;

	if (found != GRAPH_NONE)
		return found;
	if (graph->count * 2 >= graph->bucket_count)
		buckets_make(graph, graph->bucket_count * 2);
	f = POOL_ADD(graph->pool, graph);
	*f = (struct function){
		.title = pool_text(graph->pool, title, strlen(title)),
		.file = "",
		.where = "",
	};
	f->symbol = f->title;
	if (colon) {
		f->file =
			pool_text(graph->pool, title, (size_t)(colon - title));
		f->symbol = f->title + (colon + 1 - title);
	}
	found = (uint32_t)graph->count - 1;
	*bucket_of(graph, title) = found;
	return found;
}

void graph_call(struct graph *graph, uint32_t from, uint32_t to,
		const char *where)
{
	struct call_list *calls = &graph->items[from].calls;

	for (size_t i = 0; i < calls->count; i++)
		if (calls->items[i].to == to && to != GRAPH_NONE)
			return;
	*POOL_ADD(graph->pool, calls) = (struct call){ to, where };
}

/* False: the function is there already. Two objects cannot both have it, so
 * one of them is not what was linked. */
static bool node_add(struct graph *g, const struct vcg_item *item)
{
	struct function *f;
	uint32_t index;

	if (!item->defined)
		return true;
	index = graph_get(g, item->title); /* may move the items */
	f = &g->items[index];
	if (f->from != FRAME_UNKNOWN)
		return false;
	f->from = FRAME_COMPILER;
	f->frame = item->frame;
	f->unbounded = item->unbounded;
	f->where = item->where;
	return true;
}

static void edge_add(struct graph *g, const struct vcg_item *item)
{
	uint32_t from = graph_get(g, item->title), to = GRAPH_NONE;

	if (strcmp(item->target, VCG_INDIRECT) != 0)
		to = graph_get(g, item->target);
	graph_call(g, from, to, item->where);
}

enum err graph_add(struct graph *graph, const char *name, const void *text,
		   size_t size, struct complaints *wrong)
{
	struct vcg_reader r = vcg_open(graph->pool, text, size);
	struct vcg_item item;

	for (;;) {
		switch (vcg_next(&r, &item)) {
		case VCG_END:
			return OK;
		case VCG_GRAPH:
			break;
		case VCG_NODE:
			if (node_add(graph, &item))
				break;
			complain(wrong, "%s: line %u: %s is in two objects",
				 name, r.line, item.title);
			return ERR_FORMAT;
		case VCG_EDGE:
			edge_add(graph, &item);
			break;
		case VCG_WRONG:
			complain(wrong, "%s: line %u: %s", name, r.line, r.why);
			return ERR_FORMAT;
		}
	}
}

/* Is `part` the whole path or what follows one of its slashes? */
static bool path_ends(const char *path, const char *part, size_t part_size)
{
	size_t size = strlen(path);

	if (size < part_size ||
	    memcmp(path + size - part_size, part, part_size) != 0)
		return false;
	return size == part_size || path[size - part_size - 1] == '/';
}

bool graph_means(const struct function *f, const char *name)
{
	const char *colon = strrchr(name, ':');
	const char *symbol = colon ? colon + 1 : name;
	size_t size = strlen(symbol);

	if (colon && !path_ends(f->file, name, (size_t)(colon - name)))
		return false;
	return !strncmp(f->symbol, symbol, size) &&
	       (!f->symbol[size] || f->symbol[size] == '.');
}

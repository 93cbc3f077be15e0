/* SPDX-License-Identifier: MIT */
/* Preorder over the states, deepest callee first. */
#include "tools/stackuse/tree.h"

#include <stdlib.h>
#include <string.h>

/* A tree is to be looked at. */
#define LINES_MAX 50u

struct branch {
	uint32_t state;
	unsigned int level;
	uint64_t before, depth;
	bool deepest;
};

struct branch_list {
	struct branch *items;
	size_t count, room;
};

/* The deepest last: it is taken off the end first. */
static int compare(const void *a, const void *b)
{
	const struct branch *x = a, *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return x->deepest - y->deepest;
}

/* Pushes the callees worth showing. */
static void branches_push(struct pool *pool, const struct depths *d,
			  const struct branch *b, struct branch_list *open)
{
	const struct state *s = &d->states[b->state];
	const struct function *f = &d->graph->items[s->function];
	size_t first = open->count;

	for (size_t i = 0; i < depths_next_count(d, b->state); i++) {
		uint32_t to = depths_next(d, b->state, i);
		struct branch next = { to, b->level + 1, b->before + f->frame,
				       0, b->deepest && to == s->next };

		if (to == DEPTH_NONE || !d->states[to].counts)
			continue;
		next.depth = d->states[to].depth;
		if (to == s->next ||
		    next.before + next.depth >= d->depth - d->depth / 20)
			*POOL_ADD(pool, open) = next;
	}
	if (open->count > first)
		qsort(open->items + first, open->count - first,
		      sizeof(*open->items), compare);
}

void tree_make(struct pool *pool, const struct depths *depths, struct tree *out)
{
	struct branch_list open = { NULL, 0, 0 };
	struct branch b = { depths->first, 0, 0, depths->depth, true };
	bool *shown;

	if (depths->first == DEPTH_NONE)
		return;
	shown = pool_take(pool, depths->graph->count * depths->variants);
	*POOL_ADD(pool, &open) = b;
	while (open.count && out->count < LINES_MAX) {
		b = open.items[--open.count];
		*POOL_ADD(pool, out) = (struct tree_line){
			.function =
				&depths->graph->items[depths->states[b.state]
							      .function],
			.level = b.level,
			.before = b.before,
			.depth = b.depth,
			.deepest = b.deepest,
			.again = shown[b.state] &&
				 depths->states[b.state].next != DEPTH_NONE,
		};
		if (!shown[b.state])
			branches_push(pool, depths, &b, &open);
		shown[b.state] = true;
	}
}

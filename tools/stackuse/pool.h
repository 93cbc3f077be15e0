/* SPDX-License-Identifier: MIT */
/*
 * Memory of one run: taken piece by piece, freed all at once. A tool that runs
 * out of memory has nothing better to do than to say so and end with status 1.
 */
#pragma once

#include <stddef.h>

struct pool {
	struct pool_chunk *chunks;
};

/* Zeroed; lives until pool_free. */
void *pool_take(struct pool *pool, size_t size);
/* A terminated copy of size bytes. */
char *pool_text(struct pool *pool, const char *text, size_t size);
__attribute__((format(printf, 2, 3))) char *pool_print(struct pool *pool,
						       const char *format, ...);
void pool_free(struct pool *pool);

/*
 * Room for one more item behind `count` of them; returns the array, which may
 * have moved. Items already there keep their contents.
 */
void *pool_grow(struct pool *pool, void *items, size_t count, size_t *room,
		size_t item_size);
/* POOL_ADD(pool, list): a zeroed new last item of list.items; lists have the
 * members items, count and room. */
#define POOL_ADD(pool, list)                                               \
	((list)->items = pool_grow(pool, (list)->items, (list)->count,     \
				   &(list)->room, sizeof(*(list)->items)), \
	 &(list)->items[(list)->count++])

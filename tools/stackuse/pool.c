/* SPDX-License-Identifier: MIT */
/* Chunks in a list; a large piece has a chunk of its own. */
#include "tools/stackuse/pool.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/say.h"

#define CHUNK_SIZE 65536u
#define ALIGNMENT  16u

struct pool_chunk {
	struct pool_chunk *next;
	size_t used, size;
	_Alignas(ALIGNMENT) uint8_t bytes[];
};

static void out_of_memory(void)
{
	say_error("out of memory");
	exit(TOOL_USAGE);
}

static struct pool_chunk *chunk_add(struct pool *pool, size_t least)
{
	size_t size = least > CHUNK_SIZE ? least : CHUNK_SIZE;
	struct pool_chunk *c = NULL;

	if (size <= SIZE_MAX - sizeof(*c))
		c = calloc(1, sizeof(*c) + size);
	if (!c)
		out_of_memory();
	c->size = size;
	c->next = pool->chunks;
	pool->chunks = c;
	return c;
}

void *pool_take(struct pool *pool, size_t size)
{
	struct pool_chunk *c = pool->chunks;
	void *taken;

	if (size > SIZE_MAX - ALIGNMENT)
		out_of_memory();
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!c || c->size - c->used < size)
		c = chunk_add(pool, size);
	taken = c->bytes + c->used;
	c->used += size;
	return taken;
}

char *pool_text(struct pool *pool, const char *text, size_t size)
{
	char *copy = pool_take(pool, size + 1);

	memcpy(copy, text, size);
	return copy;
}

char *pool_print(struct pool *pool, const char *format, ...)
{
	va_list args, again;
	char *text;
	int size;

	va_start(args, format);
	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (size < 0)
		out_of_memory();
	text = pool_take(pool, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	return text;
}

void pool_free(struct pool *pool)
{
	while (pool->chunks) {
		struct pool_chunk *c = pool->chunks;

		pool->chunks = c->next;
		free(c);
	}
}

void *pool_grow(struct pool *pool, void *items, size_t count, size_t *room,
		size_t item_size)
{
	size_t more = *room ? *room * 2 : 8;
	void *larger;

	if (count < *room)
		return items;
	if (more > SIZE_MAX / item_size)
		out_of_memory();
	larger = pool_take(pool, more * item_size);
	if (count)
		memcpy(larger, items, count * item_size);
	*room = more;
	return larger;
}

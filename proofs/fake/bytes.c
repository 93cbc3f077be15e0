/* SPDX-License-Identifier: MIT */
/* The C names of lib/str.h a byte at a time: for few bytes at places and of
 * lengths that are not known, much cheaper than cbmc's own. */
#include "lib/str.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	for (size_t i = 0; i < size; i++)
		d[i] = s[i];
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	uint8_t *d = to;

	for (size_t i = 0; i < size; i++)
		d[i] = (uint8_t)byte;
	return to;
}

void *memchr(const void *s, int byte, size_t size)
{
	const uint8_t *p = s;

	for (size_t i = 0; i < size; i++)
		if (p[i] == (uint8_t)byte)
			return (void *)(uintptr_t)(p + i);
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/* The C library's memory and string functions, for images only. */
#include "lib/str.h"

#include "lib/bare/plain.h"

/* Upwards; also right for overlapping bytes when the target lies below. */
PLAIN_LOOPS static void copy_up(void *to, const void *from, size_t size)
{
	struct plain_word *d = to;
	const struct plain_word *s = from;
	uint8_t *db;
	const uint8_t *sb;

	for (; size >= 32; size -= 32, d += 4, s += 4) {
		uint64_t v0 = s[0].v, v1 = s[1].v, v2 = s[2].v, v3 = s[3].v;

		d[0].v = v0;
		d[1].v = v1;
		d[2].v = v2;
		d[3].v = v3;
	}
	for (; size >= 8; size -= 8)
		(d++)->v = (s++)->v;
	db = (uint8_t *)d;
	sb = (const uint8_t *)s;
	while (size--)
		*db++ = *sb++;
}

PLAIN_LOOPS static void copy_down(uint8_t *d, const uint8_t *s, size_t size)
{
	for (; size >= 8; size -= 8) {
		struct plain_word *to = (void *)(d + size - 8);
		const struct plain_word *from = (const void *)(s + size - 8);

		to->v = from->v;
	}
	while (size--)
		d[size] = s[size];
}

PLAIN_LOOPS void *memcpy(void *restrict to, const void *restrict from,
			 size_t size)
{
	copy_up(to, from, size);
	return to;
}

PLAIN_LOOPS void *memmove(void *to, const void *from, size_t size)
{
	/* Unsigned: a target below the source is a large distance, too. */
	if ((uintptr_t)to - (uintptr_t)from >= size)
		copy_up(to, from, size);
	else
		copy_down(to, from, size);
	return to;
}

PLAIN_LOOPS void *memset(void *to, int byte, size_t size)
{
	struct plain_word *d = to;
	uint64_t v = (uint64_t)(uint8_t)byte * 0x0101010101010101ull;
	uint8_t *db;

	for (; size >= 32; size -= 32, d += 4) {
		d[0].v = v;
		d[1].v = v;
		d[2].v = v;
		d[3].v = v;
	}
	for (; size >= 8; size -= 8)
		(d++)->v = v;
	db = (uint8_t *)d;
	while (size--)
		*db++ = (uint8_t)byte;
	return to;
}

PLAIN_LOOPS int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *x = a, *y = b;

	for (; size >= 8; size -= 8, x += 8, y += 8)
		if (((const struct plain_word *)x)->v !=
		    ((const struct plain_word *)y)->v)
			break;
	for (; size; size--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

PLAIN_LOOPS void *memchr(const void *s, int byte, size_t size)
{
	const uint8_t *p = s;

	for (; size; size--, p++)
		if (*p == (uint8_t)byte)
			return (void *)(uintptr_t)p;
	return NULL;
}

PLAIN_LOOPS size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

PLAIN_LOOPS size_t strnlen(const char *s, size_t limit)
{
	size_t n = 0;

	while (n < limit && s[n])
		n++;
	return n;
}

PLAIN_LOOPS int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (int)(uint8_t)*a - (int)(uint8_t)*b;
}

PLAIN_LOOPS int strncmp(const char *a, const char *b, size_t limit)
{
	for (; limit; limit--, a++, b++)
		if (*a != *b || !*a)
			return (int)(uint8_t)*a - (int)(uint8_t)*b;
	return 0;
}

PLAIN_LOOPS char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)(uintptr_t)s;
}

/* SPDX-License-Identifier: MIT */
/* Bounded strings and secret-safe bytes; the same in images and on the host. */
#include "lib/str.h"

enum err str_copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size);
	bool cut = n == size;

	if (cut)
		n = size - 1;
	memcpy(to, from, n);
	to[n] = '\0';
	return cut ? ERR_RANGE : OK;
}

bool str_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool str_starts_with(const char *s, const char *prefix)
{
	while (*prefix)
		if (*s++ != *prefix++)
			return false;
	return true;
}

void bytes_wipe(void *secret, size_t size)
{
	/* Volatile: a plain memset of dying memory would be optimised away. */
	volatile uint8_t *p = secret;

	while (size--)
		*p++ = 0;
}

bool bytes_equal_secret(const void *a, const void *b, size_t size)
{
	const volatile uint8_t *x = a, *y = b;
	unsigned int differ = 0;

	/* No early way out: the time must not tell where the bytes differ. */
	while (size--)
		differ |= (unsigned int)(*x++ ^ *y++);
	return differ == 0;
}

bool bytes_are_zero(const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < size; i++)
		if (p[i])
			return false;
	return true;
}

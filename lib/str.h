/* SPDX-License-Identifier: MIT */
/*
 * Bytes and strings. The C names come from lib/bare/str.c in images and from
 * libc on the host; the rest is ours in both.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *s, int byte, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t limit);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t limit);
char *strchr(const char *s, int c);

/*
 * Copies from into to[size] and always terminates it. ERR_RANGE when it had to
 * be cut short; to is then a proper string all the same. size is at least 1.
 */
must_check enum err str_copy(char *to, size_t size, const char *from);

/* Both must be strings; starts_with("earlycon=x", "earlycon=") is true. */
bool str_equal(const char *a, const char *b);
bool str_starts_with(const char *s, const char *prefix);

/* Clears a secret; the compiler may not leave it out. */
void bytes_wipe(void *secret, size_t size);

/* Takes the same time wherever the bytes differ; for secrets and tags. */
bool bytes_equal_secret(const void *a, const void *b, size_t size);

bool bytes_are_zero(const void *bytes, size_t size);

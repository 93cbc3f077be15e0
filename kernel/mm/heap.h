/* SPDX-License-Identifier: MIT */
/*
 * Small kernel objects, and long-lived arrays of whole pages. Memory comes
 * zeroed and is wiped when freed. Own lock, above page's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

#define HEAP_SMALL_MAX 1024u

/* Addresses to use, page-aligned: HEAP_VA and HEAP_VA_SIZE in the kernel. */
void heap_init(void *va, uint64_t size);

/* size 1..HEAP_SMALL_MAX; aligned to the power of two that holds
 * it, 16 to 1024. ERR_NOMEM. */
must_check enum err heap_take(size_t size, void **out);

/* size as it was taken; NULL is allowed. */
void heap_give(void *object, size_t size);

/* Whole pages side by side, never given back: tables sized at start-up. */
must_check enum err heap_pages(size_t bytes, void **out);

/* SPDX-License-Identifier: MIT */
/*
 * From a page to a small number, in a time that does not depend on how many
 * there are: open addressing in words that the caller owns, clears and guards.
 * Who chooses the pages may choose ones that collide: then a search looks at
 * each page that is in the index, never at more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Values are below this: they share a word with the page's address. */
#define PAGEINDEX_VALUES 4095u

struct pageindex {
	uint64_t *entry;
	uint32_t mask;	/* entries - 1 */
	uint32_t shift; /* of the product that hashes */
};

/* Words for so many pages, 1 to 2^30: a power of two, half of them stay free. */
uint32_t pageindex_words(uint32_t pages);

/* words: pageindex_words(), all zero. */
struct pageindex pageindex_make(uint64_t *entry, uint32_t words);

/* False: page (4 KiB-aligned) is not there. */
bool pageindex_find(const struct pageindex *x, uint64_t page, uint32_t *value);

/* Adds or replaces. Never more pages at once than pageindex_words was told. */
void pageindex_set(const struct pageindex *x, uint64_t page, uint32_t value);

/* Absent pages are ignored. */
void pageindex_drop(const struct pageindex *x, uint64_t page);

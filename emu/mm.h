/* SPDX-License-Identifier: MIT */
/*
 * The emulator's own memory: HOME, at the top of RAM, never visible to the
 * guest. Physical memory, devices included, is mapped 1:1 at MM_PHYS. Pages
 * come from one pool that is never short by design; running out is fatal.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MM_PHYS	 0xffff800000000000ull
#define MM_IMAGE 0xffffffff80000000ull

static inline void *mm_ptr(uint64_t pa)
{
	return (void *)(MM_PHYS + pa);
}

/* Of anything in the image or in the 1:1 map. */
uint64_t mm_pa(const void *p);

/* The pool. Called once by main.c with what is left of HOME. */
void mm_init(uint64_t start, uint64_t size);
/* Zeroed, page-aligned; in the 1:1 map. Never NULL. */
void *mm_pages(uint64_t count);
void *mm_page(void);
/* One page back to the pool. */
void mm_free_page(void *page);
uint64_t mm_left(void);
/* From the change of tables on, the image lies at physical @pa. */
void mm_image_moves(uint64_t pa);

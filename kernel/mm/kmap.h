/* SPDX-License-Identifier: MIT */
/*
 * The kernel's page tables, edited through the self-map. One set for all
 * CPUs. No mapping is writable and executable; nothing is user-accessible;
 * there is no direct map: guest memory is seen through kernel/mm/tmpmap.
 */
#pragma once

#include "abi/boot/launch.h"
#include "lib/addr.h"
#include "lib/err.h"

enum kmap_use {
	KMAP_READ,   /* private, no execution */
	KMAP_WRITE,  /* private, read and write */
	KMAP_SHARED, /* C-bit clear: the host sees it; read and write */
	KMAP_DEVICE, /* the same, uncached */
};

/* Remembers the C-bit; drops the boot stage's leftovers. */
void kmap_init(const struct boot_launch *boot);

/* Maps one page at an unmapped kernel address. ERR_NOMEM, ERR_EXISTS. */
must_check enum err kmap_page(void *va, struct pa pa, enum kmap_use use);

/* As kmap_page over a page that is mapped already by this CPU alone (areas
 * of its own); flushes this CPU's translation only. ERR_ABSENT when the page
 * table is missing. */
must_check enum err kmap_replace(void *va, struct pa pa, enum kmap_use use);

/* Unmaps and flushes this CPU's translation; the caller flushes the others
 * if they can have used it. Gives back what was mapped, or ERR_ABSENT. */
must_check enum err kmap_drop(void *va, struct pa *old);

/* Makes the tables down to va's page table; after that kmap_page(va) cannot
 * fail for want of memory. */
must_check enum err kmap_tables(void *va);

/* The page-table value for a 4 KiB page. */
uint64_t kmap_pte(struct pa pa, enum kmap_use use);

/* A page of the image (below boot_launch.image_size) as the kernel sees it. */
static inline void *kmap_image(struct pa pa)
{
	return (void *)(KERNEL_VA + (pa.v - SVSM_BASE));
}

static inline struct pa kmap_image_pa(const void *va)
{
	return (struct pa){ (uint64_t)va - KERNEL_VA + SVSM_BASE };
}

/* The C-bit as a page-table bit; 0 without. */
uint64_t kmap_c_bit(void);

/* The value for CR3. */
uint64_t kmap_root(void);

/* Makes `sealed` data read-only on every CPU, for ever. */
void once_seal(void);

/* SPDX-License-Identifier: MIT */
/*
 * brk, mmap, munmap, mprotect. Both heaps together stay below what the image
 * allows; a page that ring 3 gives up goes back wiped. Nothing ever becomes
 * executable at run time.
 */
#include "kernel/cpu/pcid.h"
#include "kernel/sys/call.h"
#include "lib/bitmap.h"

#define PROT_WRITE    2u
#define PROT_EXEC     4u
#define PROT_ALL      7u
#define MAP_PRIVATE   0x02u
#define MAP_FIXED     0x10u
#define MAP_ANONYMOUS 0x20u

static void pages_drop(struct task *t, uint64_t from, uint64_t to)
{
	for (uint64_t va = from; va < to; va += PAGE_4K)
		if (space_drop(&t->space, va))
			t->heap_used -= PAGE_4K;
	pcid_flush();
}

/* All of it or nothing. */
static bool pages_add(struct task *t, uint64_t from, uint64_t to,
		      uint32_t rights)
{
	uint64_t left = t->image->heap - t->heap_used;

	if (to - from > left)
		return false;
	for (uint64_t va = from; va < to; va += PAGE_4K) {
		if (space_add(&t->space, va, rights) != OK) {
			pages_drop(t, from, va);
			return false;
		}
		t->heap_used += PAGE_4K;
	}
	return true;
}

long memory_brk(struct task *t, const uint64_t *a)
{
	uint64_t old = addr_up(t->brk, PAGE_4K), top;

	/* Linux answers where the end is, whatever was asked. */
	if (a[0] < TASK_BRK || a[0] - TASK_BRK > t->image->heap)
		return (long)t->brk;
	top = addr_up(a[0], PAGE_4K);
	if (top < old)
		pages_drop(t, top, old);
	else if (!pages_add(t, old, top, SPACE_WRITE))
		return (long)t->brk;
	t->brk = a[0];
	return (long)t->brk;
}

static bool rights_of(uint64_t prot, uint32_t *rights)
{
	if (prot & ~(uint64_t)PROT_ALL || prot & PROT_EXEC)
		return false;
	*rights = prot & PROT_WRITE ? SPACE_WRITE : prot ? 0 : SPACE_NONE;
	return true;
}

/* A page that stays empty follows each mapping. */
long memory_mmap(struct task *t, const uint64_t *a)
{
	const uint64_t kind = MAP_PRIVATE | MAP_ANONYMOUS;
	uint32_t rights;
	uint64_t n, va;
	size_t at;

	if ((a[3] & kind) != kind || a[3] & MAP_FIXED || !a[1])
		return SYS_EINVAL;
	if (!rights_of(a[2], &rights))
		return SYS_EPERM;
	if (a[1] > t->image->heap)
		return SYS_ENOMEM;
	n = addr_up(a[1], PAGE_4K) / PAGE_4K;
	at = n + 1 > TASK_MMAP_PAGES
		     ? BITMAP_NONE
		     : bitmap_find_clear(t->mapped, TASK_MMAP_PAGES, n + 1, 1);
	if (at == BITMAP_NONE)
		return SYS_ENOMEM;
	va = TASK_MMAP + at * PAGE_4K;
	if (!pages_add(t, va, va + n * PAGE_4K, rights))
		return SYS_ENOMEM;
	bitmap_set_range(t->mapped, at, n + 1);
	return (long)va;
}

/* Mappings of mmap alone: a program keeps its own segments and stack. */
static bool mmap_range(uint64_t at, uint64_t size, uint64_t *end)
{
	const uint64_t top = TASK_MMAP + TASK_MMAP_PAGES * PAGE_4K;

	if (!addr_aligned(at, PAGE_4K) || !size || at < TASK_MMAP ||
	    at >= top || size > top - at)
		return false;
	*end = addr_up(at + size, PAGE_4K);
	return true;
}

long memory_munmap(struct task *t, const uint64_t *a)
{
	uint64_t end, first, last;
	struct pa page;

	if (!mmap_range(a[0], a[1], &end))
		return SYS_EINVAL;
	pages_drop(t, a[0], end);
	first = (a[0] - TASK_MMAP) / PAGE_4K;
	last = (end - TASK_MMAP) / PAGE_4K;
	bitmap_clear_range(t->mapped, first, last - first);
	/* The empty page behind it, too. */
	if (last < TASK_MMAP_PAGES && space_page(&t->space, end, &page) != OK)
		bitmap_clear(t->mapped, last);
	return 0;
}

long memory_mprotect(struct task *t, const uint64_t *a)
{
	uint64_t end;
	uint32_t rights;
	struct pa page;
	enum err e = OK;

	if (!addr_aligned(a[0], PAGE_4K) || a[0] >= USER_END ||
	    a[1] > USER_END - a[0])
		return SYS_EINVAL;
	if (!rights_of(a[2], &rights))
		return SYS_EACCES;
	end = addr_up(a[0] + a[1], PAGE_4K);
	/* A wild length would keep us busy: the first hole ends it. */
	for (uint64_t va = a[0]; va < end; va += PAGE_4K)
		if (space_page(&t->space, va, &page) != OK)
			return SYS_ENOMEM;
	for (uint64_t va = a[0]; va < end && e == OK; va += PAGE_4K)
		e = space_protect(&t->space, va, rights);
	pcid_flush();
	return e == OK ? 0 : SYS_EACCES;
}

/* SPDX-License-Identifier: MIT */
/* proof: whatever brk, mmap, munmap and mprotect are asked for: pages come and
 *   go in the two heaps' own addresses alone, both together stay below what
 *   the image allows, nothing becomes executable, what fails leaves nothing, and ring 3 has no
 *   old translation
 * sources: kernel/sys/memory.c
 * bound: any registers; heaps of up to 3 pages, ranges of up to 3
 * flags: --unwind 5
 * mutation: kernel/sys/memory.c@memory_brk: a[0] - TASK_BRK > t->image->heap =>
 *   false
 * mutation: kernel/sys/memory.c@pages_add: to - from > left => false
 * mutation: kernel/sys/memory.c@rights_of: || prot & PROT_EXEC =>
 * mutation: kernel/sys/memory.c@mmap_range: at < TASK_MMAP || =>
 * mutation: kernel/sys/memory.c@memory_mmap: a[3] & MAP_FIXED || =>
 * mutation: kernel/sys/memory.c@pages_add: pages_drop(t, from, va); =>
 * mutation: kernel/sys/memory.c@pages_drop: pcid_flush(); =>
 * mutation: kernel/sys/memory.c@memory_mprotect: pcid_flush(); =>
 */
#include "kernel/cpu/pcid.h"
#include "kernel/sys/call.h"
#include "lib/bitmap.h"
#include "proofs/fake/proof.h"

#define HEAP 3u

void *proof_gs;
static struct task t;
static struct archive_entry image;
static uint64_t pages;		 /* of both heaps */
static bool stale;		 /* entries were taken away, and no flush */
static uint64_t added_at, added; /* by this call: pages in a row */
static const uint64_t mmap_end = TASK_MMAP + TASK_MMAP_PAGES * PAGE_4K;

static bool in_heap(uint64_t va)
{
	return (va >= TASK_BRK && va - TASK_BRK < image.heap) ||
	       (va >= TASK_MMAP && va < mmap_end);
}

enum err space_add(struct space *s, uint64_t va, uint32_t rights)
{
	__CPROVER_assert(s == &t.space && addr_aligned(va, PAGE_4K), "a page");
	__CPROVER_assert(in_heap(va), "of a heap");
	__CPROVER_assert(!(rights & SPACE_EXEC), "no code");
	if (nondet_bool())
		return nondet_bool() ? ERR_NOMEM : ERR_EXISTS;
	__CPROVER_assert(!added || va == added_at + added * PAGE_4K,
			 "in a row");
	if (!added++)
		added_at = va;
	pages++;
	__CPROVER_assert(pages * PAGE_4K <= image.heap, "as the image allows");
	return OK;
}

bool space_drop(struct space *s, uint64_t va)
{
	__CPROVER_assert(s == &t.space && addr_aligned(va, PAGE_4K), "a page");
	__CPROVER_assert(in_heap(va), "of a heap");
	/* What this call added is there; of others it may be. */
	if (added ? va - added_at >= added * PAGE_4K : !pages || nondet_bool())
		return false;
	pages--;
	stale = true;
	return true;
}

enum err space_protect(struct space *s, uint64_t va, uint32_t rights)
{
	(void)s;
	__CPROVER_assert(va < USER_END, "ring 3's");
	__CPROVER_assert(!(rights & SPACE_EXEC), "no code");
	if (nondet_bool())
		return ERR_STATE;
	stale = true;
	return OK;
}

/* Bound: a hole ends it after so many pages. */
enum err space_page(const struct space *s, uint64_t va, struct pa *out)
{
	static unsigned int looks;

	(void)s;
	(void)out;
	__CPROVER_assert(va < USER_END || va == mmap_end, "ring 3's");
	return looks++ < HEAP && nondet_bool() ? OK : ERR_ABSENT;
}

void pcid_flush(void)
{
	stale = false;
}

/* lib/bitmap_proof.c: a run of clear bits, if there is one. */
size_t bitmap_find_clear(const uint64_t *map, size_t bits, size_t count,
			 size_t align)
{
	size_t at = nondet_size();

	__CPROVER_assert(map == t.mapped && bits == TASK_MMAP_PAGES && count &&
				 align == 1,
			 "as its header says");
	__CPROVER_assume(at == BITMAP_NONE ||
			 (at < bits && count <= bits - at));
	return at;
}

static void in_map(const uint64_t *map, size_t first, size_t count)
{
	__CPROVER_assert(map == t.mapped && first <= TASK_MMAP_PAGES &&
				 count <= TASK_MMAP_PAGES - first,
			 "within the map");
}

void bitmap_set_range(uint64_t *map, size_t first, size_t count)
{
	in_map(map, first, count);
}

void bitmap_clear_range(uint64_t *map, size_t first, size_t count)
{
	in_map(map, first, count);
}

static void state_any(void)
{
	image.heap = any_upto(HEAP) * PAGE_4K + any_upto(1);
	t.image = &image;
	pages = any_upto(HEAP);
	t.heap_used = pages * PAGE_4K;
	t.brk = TASK_BRK + any_upto(HEAP * PAGE_4K);
	GIVEN(t.heap_used <= image.heap && t.brk - TASK_BRK <= image.heap);
}

static void mmap(const uint64_t *a, uint64_t before)
{
	long r = memory_mmap(&t, a);

	if (r < 0) {
		PROVE(pages <= before);
		return;
	}
	PROVE((uint64_t)r >= TASK_MMAP && (uint64_t)r + a[1] <= mmap_end);
	PROVE((uint64_t)r % PAGE_4K == 0 && a[1] && !(a[3] & 0x10));
	PROVE((pages - before) * PAGE_4K == addr_up(a[1], PAGE_4K));
	PROVE(!(a[2] & 4));
	SEEN(pages - before == 2);
}

int main(void)
{
	const uint64_t a[6] = { nondet_u64(), nondet_u64(), nondet_u64(),
				nondet_u64(), nondet_u64(), nondet_u64() };
	uint64_t before;
	long r;

	state_any();
	before = pages;
	/* mprotect ends at the first hole; the others at HEAP pages. */
	switch (nondet_u8() % 4) {
	case 0:
		r = memory_brk(&t, a);
		PROVE((uint64_t)r == t.brk && t.brk >= TASK_BRK);
		PROVE(t.brk - TASK_BRK <= image.heap);
		break;
	case 1:
		mmap(a, before);
		break;
	case 2:
		GIVEN(a[1] <= HEAP * PAGE_4K);
		r = memory_munmap(&t, a);
		PROVE(!r || pages == before);
		break;
	default:
		r = memory_mprotect(&t, a);
		PROVE(r || !(a[2] & 4));
		break;
	}
	PROVE(t.heap_used == pages * PAGE_4K && t.heap_used <= image.heap);
	PROVE(!stale);
	return 0;
}

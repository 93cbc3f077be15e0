/* SPDX-License-Identifier: MIT */
/* proof: a copy to or from guest memory touches each byte of its part of the
 *   range once and no other, in validated pages alone, with the page's region
 *   locked
 * sources: kernel/mm/guestmem.c
 * bound: up to 3 pages and 2 bytes around the border of two regions; any byte
 *   of them is the witness
 * flags: -Iproofs/fake/record --unwind 6
 * mutation: kernel/mm/guestmem.c@range_copy: size > range->r.size - off => false
 * mutation: kernel/mm/guestmem.c@range_copy: size <= PAGE_4K - at % PAGE_4K =>
 *   size <= PAGE_4K
 * mutation: kernel/mm/guestmem.c@piece_copy: if (pvalid_page(held, at)) =>
 *   if (pvalid_page(held, at) || size == 1)
 * mutation: kernel/mm/guestmem.c@piece_copy: (at >> PAGE_SHIFT_2M) - first =>
 *   0
 */
#include "kernel/mm/guestmem.h"

#include "kernel/mm/memmap.h"
#include "kernel/mm/tmpmap.h"
#include "proofs/fake/proof.h"
#include "proofs/fake/record/kernel/mm/pvalid.h"

#define MOST (3 * PAGE_4K + 2)
#define HOME (PAGE_2M - 4 * PAGE_4K)

struct proof_record proof_record;
struct memmap_span memmap_spans[MEMMAP_MAX + 1];
void *proof_gs;
static char window[PAGE_4K], local[MOST];
static uint64_t shown, first, copied;
static bool witness_copied;

const struct memmap_span *memmap_guest(uint64_t start, uint64_t size)
{
	(void)start;
	(void)size;
	return NULL;
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	__CPROVER_assert(use == KMAP_WRITE && addr_aligned(pa.v, PAGE_4K),
			 "a page");
	shown = pa.v;
	return (struct tmpmap){ window, PAGE_SIZE_4K };
}

void tmpmap_drop(struct tmpmap map)
{
	__CPROVER_assert(map.va == window, "that window");
}

/* To the guest: the other way takes the same path. */
bool guest_copy(void *to, const void *from, uint64_t size)
{
	uint64_t off = (uint64_t)((char *)to - window);

	__CPROVER_assert(off < PAGE_4K && size && size <= PAGE_4K - off,
			 "within the page");
	__CPROVER_assert(from == local + copied &&
				 shown + off == first + copied,
			 "one after the other");
	__CPROVER_assert(proof_record.locks == 1, "locked");
	if (proof_record.gpa - (first + copied) < size) {
		__CPROVER_assert(proof_record.valid, "validated");
		witness_copied = true;
	}
	copied += size;
	return nondet_bool();
}

int main(void)
{
	uint64_t off = nondet_u64(), size = nondet_u64();
	uint64_t start = HOME + any_upto(8 * PAGE_4K);
	struct guest_range r = { { { start }, any_upto(MOST) }, 0 };
	enum err e;

	/* What guest_range_check gives is not empty. */
	GIVEN(r.r.size);
	first = start + off;
	proof_record.gpa = HOME + any_upto(12 * PAGE_4K);
	proof_record.chunk = (uint32_t)((proof_record.gpa >> PAGE_SHIFT_2M) -
					(start >> PAGE_SHIFT_2M));
	proof_record.valid = nondet_bool();
	e = guest_write(r, off, local, size);
	PROVE(!copied || (off < r.r.size && copied <= r.r.size - off));
	PROVE(!proof_record.locks);
	if (e == OK) {
		PROVE(copied == size && off <= r.r.size);
		PROVE(proof_record.gpa - first >= size || witness_copied);
	}
	SEEN(e == OK && size == MOST &&
	     first / PAGE_2M != (first + size) / PAGE_2M);
	SEEN(e == ERR_ABSENT && copied > PAGE_4K);
	return 0;
}

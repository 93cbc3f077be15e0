/* SPDX-License-Identifier: MIT */
/* See guestpage.h. */
#include "proofs/kernel/mm/guestpage.h"

#include "kernel/mm/memmap.h"
#include "kernel/mm/tmpmap.h"
#include "proofs/fake/proof.h"

struct witness witness;
struct proof_record proof_record;
void *proof_gs;
struct memmap_span memmap_spans[MEMMAP_MAX + 1];
const struct platform_ops *platform;
static struct percpu cpu;
static char window[PAGE_2M]; /* never touched, only addressed */

const struct memmap_span *memmap_guest(uint64_t start, uint64_t size)
{
	(void)start;
	(void)size;
	return NULL;
}

static void window_turn(struct pa pa)
{
	witness.window = (proof_record.gpa - pa.v) / PAGE_4K;
}

/* One window at a time, and what it shows. */
static struct tmpmap window_open(struct pa pa, enum page_size size)
{
	__CPROVER_assert(!witness.open, "one window");
	__CPROVER_assert(addr_aligned(pa.v, page_bytes(size)), "aligned");
	witness.open++;
	window_turn(pa);
	return (struct tmpmap){ window, size };
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)use;
	return window_open(pa, PAGE_SIZE_4K);
}

struct tmpmap tmpmap_2m(struct pa pa)
{
	return window_open(pa, PAGE_SIZE_2M);
}

struct tmpmap tmpmap_move(struct tmpmap map, struct pa pa)
{
	window_turn(pa);
	return map;
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
	witness.open--;
}

/* Does this concern the witness? By number of its page in the window: cheap,
 * where there are 512 of them. */
static bool seen_at(const void *va, uint64_t bytes)
{
	uint64_t off = (uint64_t)((const char *)va - window);

	__CPROVER_assert(witness.open && off <= PAGE_2M - bytes,
			 "through the window");
	return bytes == PAGE_2M ? witness.window < PAGE_2M / PAGE_4K
				: witness.window == off / PAGE_4K;
}

/* What kernel/snp/pages.c makes of the instructions' results, which is
 * kernel/snp/pages_proof.c's claim: never NO_CHANGE of RMPADJUST's. */
static enum page_result any_result(void)
{
	return nondet_bool() ? PAGE_FAIL_OTHER
			     : (enum page_result)(nondet_u8() & 0xf);
}

static enum page_result validate(void *va, enum page_size size, bool on)
{
	enum page_result r = nondet_bool() ? PAGE_NO_CHANGE : any_result();

	if (!seen_at(va, page_bytes(size)))
		return r;
	if (on) {
		/* Twice would let the host swap two pages behind it. */
		__CPROVER_assert(!witness.valid, "never validated twice");
		witness.valid = r == PAGE_OK;
		witness.clear = false;
		return r;
	}
	__CPROVER_assert(!witness.granted, "rights go before validity");
	/* No change: that was another page, and this one may still be valid. */
	if (r == PAGE_OK)
		witness.valid = false;
	return r;
}

static enum page_result grant(void *va, enum page_size size)
{
	enum page_result r = any_result();

	if (!seen_at(va, page_bytes(size)))
		return r;
	__CPROVER_assert(witness.valid, "never granted unvalidated");
	__CPROVER_assert(witness.clear || witness.keep, "cleared before");
	if (r == PAGE_OK)
		witness.granted = true;
	return r;
}

static enum page_result revoke(void *va, enum page_size size)
{
	enum page_result r = any_result();

	if (r == PAGE_OK && seen_at(va, page_bytes(size)))
		witness.granted = false;
	return r;
}

void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords)
{
	if (!seen_at(to, qwords * 8))
		return;
	__CPROVER_assert(witness.valid && !value, "clears what is valid");
	witness.clear = true;
}

static const struct platform_ops ops = {
	.page_validate = validate,
	.guest_grant = grant,
	.guest_revoke = revoke,
};

bool witness_agrees(void)
{
	if (proof_record.valid || proof_record.pinned)
		return witness.valid;
	return !witness.valid && !witness.granted;
}

struct guest_range witness_page(enum page_size size)
{
	uint64_t home = addr_down(proof_record.gpa, PAGE_2M);
	uint64_t off = size == PAGE_SIZE_2M
			       ? 0
			       : any_upto(PAGE_2M / PAGE_4K - 1) * PAGE_4K;

	return (struct guest_range){ { { home + off }, page_bytes(size) },
				     proof_record.chunk };
}

/* Contents that the guest wrote count as clear: they are not the host's. */
void witness_any(void)
{
	uint64_t page = any_upto(PA_LIMIT / PAGE_4K - 1);

	platform = &ops;
	proof_gs = &cpu;
	proof_record.gpa = page * PAGE_4K;
	memmap_spans[0].start = any_upto(page) * PAGE_4K;
	memmap_spans[0].end = proof_record.gpa + PAGE_4K +
			      any_upto(PA_LIMIT / PAGE_4K - 1 - page) * PAGE_4K;
	memmap_spans[0].bias = nondet_u32();
	proof_record.chunk = memmap_chunk(memmap_spans, proof_record.gpa);
	proof_record.valid = nondet_bool();
	proof_record.pinned = nondet_bool();
	witness.valid = nondet_bool();
	witness.granted = nondet_bool();
	witness.clear = true;
	__CPROVER_assume(witness_agrees());
}

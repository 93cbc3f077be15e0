/* SPDX-License-Identifier: MIT */
/* proof: a deposited page is recorded before the guest loses it, a refusal of
 *   the hardware gives back every right that was taken, and a page that goes
 *   back is wiped and granted before its record ends
 * sources: kernel/mm/owned.c proofs/fake/panic.c
 * bound: small pages, and a large one (here 4 small ones) that the host splits;
 *   any page of it is the witness
 * flags: -Iproofs/fake/clear -Iproofs/fake/record -Iproofs/fake/short --unwind 6
 * mutation: kernel/mm/owned.c@may_take: if (pvalid_page_pinned(held, gpa)) return
 *   PAGE_PINNED; =>
 * mutation: kernel/mm/owned.c@take_locked: if (r != PAGE_OK) disown(held,
 *   first_of(page), count); =>
 * mutation: kernel/mm/owned.c@revoke_each: rights_restore(va, off); =>
 * mutation: kernel/mm/owned.c@owned_return: rights_restore(map.va, PAGE_4K); =>
 * mutation: kernel/mm/owned.c@owned_return: wipe(pa); =>
 */
#include "proofs/fake/clear/hw/cpu.h"
/* First: others include the plain one. */
#include "kernel/mm/owned.h"

#include "kernel/mm/deed.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "proofs/fake/proof.h"
#include "proofs/fake/record/kernel/mm/pvalid.h"

struct proof_record proof_record;
void *proof_gs;
const struct platform_ops *platform;
static char window[PAGE_2M]; /* never touched, only addressed */
static uint64_t shown;	     /* number of the witness in the window, if it is */
static unsigned int windows;
static bool granted, clean, prepared, kept;

static bool is_witness(const void *va, uint64_t bytes)
{
	uint64_t off = (uint64_t)((const char *)va - window);

	__CPROVER_assert(windows == 1 && off <= PAGE_2M - bytes,
			 "through the window");
	return bytes == PAGE_2M ? shown < PAGE_2M / PAGE_4K
				: shown == off / PAGE_4K;
}

static struct tmpmap window_open(uint64_t pa, enum page_size size)
{
	__CPROVER_assert(!windows++, "one window");
	shown = (proof_record.gpa - pa) / PAGE_4K;
	return (struct tmpmap){ window, size };
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)use;
	return window_open(pa.v, PAGE_SIZE_4K);
}

struct tmpmap tmpmap_2m(struct pa pa)
{
	return window_open(pa.v, PAGE_SIZE_2M);
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
	windows--;
}

void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords)
{
	__CPROVER_assert(!value, "zeroes");
	if (is_witness(to, qwords * 8)) {
		__CPROVER_assert(!granted, "not the guest's any more");
		clean = true;
	}
}

static enum page_result revoke(void *va, enum page_size size)
{
	if (nondet_bool())
		return nondet_bool() ? PAGE_FAIL_SIZE : PAGE_FAIL_INUSE;
	if (is_witness(va, page_bytes(size))) {
		__CPROVER_assert(proof_record.ours, "recorded before");
		granted = false;
	}
	return PAGE_OK;
}

static enum page_result grant(void *va, enum page_size size)
{
	if (nondet_bool())
		return PAGE_FAIL_INUSE;
	if (is_witness(va, page_bytes(size)))
		granted = true;
	return PAGE_OK;
}

void page_reserve_open(void)
{
}

void page_reserve_close(void)
{
}

void page_deposit(struct pa page)
{
	if (page.v == proof_record.gpa) {
		__CPROVER_assert(clean && !granted, "wiped, and ours");
		kept = true;
	}
}

enum err deed_prepare(uint32_t chunk)
{
	prepared = nondet_bool();
	(void)chunk;
	return prepared ? OK : ERR_NOMEM;
}

static bool run_has(uint64_t first, uint64_t count)
{
	return (proof_record.gpa >> PAGE_SHIFT_4K & 511) - first < count;
}

void deed_add(uint32_t chunk, uint64_t first, uint64_t count)
{
	__CPROVER_assert(prepared && chunk == proof_record.chunk, "prepared");
	__CPROVER_assert(!run_has(first, count) || !proof_record.ours, "once");
	if (run_has(first, count))
		proof_record.ours = true;
}

bool deed_drop(uint32_t chunk, uint64_t first, uint64_t count)
{
	(void)chunk;
	if (run_has(first, count)) {
		__CPROVER_assert(granted, "the guest's again, before");
		proof_record.ours = false;
	}
	return !proof_record.ours && nondet_bool();
}

enum err guestpage_check(uint64_t gpa, enum page_size size,
			 struct guest_range *page)
{
	*page = (struct guest_range){ { { gpa }, page_bytes(size) },
				      proof_record.chunk };
	return OK;
}

static struct guest_range page_any(enum page_size size)
{
	uint64_t off = size == PAGE_SIZE_2M
			       ? 0
			       : any_upto(PAGE_2M / PAGE_4K - 1) * PAGE_4K;

	return (struct guest_range){ { { addr_down(proof_record.gpa, PAGE_2M) +
					 off },
				       page_bytes(size) },
				     proof_record.chunk };
}

/* Recorded as valid and not pinned or ours: the guest's. Ours: not its. */
static void take(void)
{
	enum page_size size = nondet_bool();
	struct guest_range page = page_any(size);
	bool inside = proof_record.gpa - page.r.start.v < page.r.size;
	bool was_ours, was_granted;
	enum page_result r;

	proof_record.ours = nondet_bool();
	granted = proof_record.valid && !proof_record.ours &&
		  !proof_record.pinned;
	was_ours = proof_record.ours;
	was_granted = granted;
	r = owned_take(page, size);
	if (r == PAGE_OK && inside) {
		PROVE(was_granted && !was_ours && proof_record.ours);
		PROVE(!granted);
	} else {
		PROVE(proof_record.ours == was_ours && granted == was_granted);
	}
	SEEN(r == PAGE_OK && size == PAGE_SIZE_2M);
	SEEN(r == PAGE_FAIL_INUSE && inside);
}

static void give_back(void)
{
	proof_record.ours = true;
	owned_return((struct pa){ proof_record.gpa });
	PROVE(!proof_record.ours && granted && clean);
}

static void keep(void)
{
	proof_record.ours = true;
	owned_keep(page_any(PAGE_SIZE_4K), PAGE_SIZE_4K);
	SEEN(kept);
}

int main(void)
{
	static const struct platform_ops ops = { .guest_grant = grant,
						 .guest_revoke = revoke };

	platform = &ops;
	proof_record.gpa = any_upto(1u << 20) * PAGE_4K;
	proof_record.chunk = nondet_u32();
	proof_record.valid = nondet_bool();
	proof_record.pinned = nondet_bool();
	switch (nondet_u8() % 3) {
	case 0:
		take();
		break;
	case 1:
		give_back();
		break;
	default:
		keep();
		break;
	}
	PROVE(!windows && !proof_record.locks);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* proof: success only when the host was given exactly the pages asked for, in
 *   order, and has passed the last entry of the list that was written
 * sources: kernel/snp/ghcb_psc.c kernel/snp/ghcb.c
 * bound: at most 2 entries; the host comes back at most 2 times, with any page
 * flags: -DBOUND=2 --unwind 3
 * long: -DBOUND=3 --unwind 4
 * seconds: 60
 * mutation: kernel/snp/ghcb_psc.c@list_submit: now > last => now >= last
 * mutation: kernel/snp/ghcb_psc.c@list_submit: list->end_entry != last => false
 * mutation: kernel/snp/ghcb_psc.c@list_submit: || call.info2 =>
 * mutation: kernel/snp/ghcb_psc.c@list_submit: progress <= done => progress < done
 * mutation: kernel/snp/ghcb_psc.c@list_fill: big ? PAGE_2M : PAGE_4K =>
 *   big ? 2 * PAGE_2M : PAGE_4K
 */
#include "kernel/snp/ghcb.h"
#include "proofs/fake/proof.h"

void *proof_gs;
/* struct ghcb as far as this call uses it, with its list as what it is: places
 * in bytes of another type cost too much. */
static struct {
	uint8_t unused1[offsetof(struct ghcb, sw_exitcode)];
	uint64_t sw_exitcode, sw_exitinfo1, sw_exitinfo2, sw_scratch;
	uint8_t unused2[offsetof(struct ghcb, valid_bitmap) -
			offsetof(struct ghcb, reserved_3b0)];
	uint64_t valid_bitmap[2];
	uint8_t unused3[offsetof(struct ghcb, shared_buffer) -
			offsetof(struct ghcb, x87_state_gpa)];
	struct psc_buffer list;
	uint8_t unused4[16];
} page;
ABI_SIZE(__typeof__(page), sizeof(struct ghcb));
ABI_AT(__typeof__(page), sw_exitinfo2, offsetof(struct ghcb, sw_exitinfo2));
ABI_AT(__typeof__(page), valid_bitmap, offsetof(struct ghcb, valid_bitmap));
ABI_AT(__typeof__(page), list, offsetof(struct ghcb, shared_buffer));
static struct pa_range pages;
static enum ghcb_page_state state;
static bool large;
static unsigned int rounds;
static uint16_t last;
static uint32_t before;

/* What the host is asked for: each page of the range once, ascending. */
static void asked(void)
{
	uint64_t at = pages.start.v;

	PROVE(page.list.cur_entry == 0 && page.list.end_entry < BOUND);
	last = page.list.end_entry;
	for (unsigned int i = 0; i <= last; i++) {
		uint64_t e = page.list.entry[i];

		PROVE((e & PSC_GFN) == at);
		PROVE((e >> PSC_OP_SHIFT & 0xf) == (uint64_t)state);
		PROVE(!(e & (PSC_RESERVED | PSC_CUR_PAGE)));
		PROVE(!(e & PSC_2M) || (large && at % PAGE_2M == 0));
		at += e & PSC_2M ? PAGE_2M : PAGE_4K;
	}
	PROVE(at == pa_range_end(pages));
	SEEN(last == BOUND - 1 && page.list.entry[1] & PSC_2M);
}

/* ~0: passed the last entry. */
static uint32_t progress(void)
{
	for (unsigned int i = 0; i <= last; i++)
		if (page.list.cur_entry == i)
			return i << 12 | (page.list.entry[i] & PSC_CUR_PAGE);
	return ~0u;
}

/* The host writes anything. Called again only after progress. */
void proof_vmgexit(void)
{
	struct psc_buffer any;

	if (!rounds)
		asked();
	else
		PROVE(progress() > before && progress() != ~0u);
	before = rounds ? progress() : 0;
	GIVEN(rounds++ < BOUND);
	ANY(any);
	page.list = any;
	page.sw_exitinfo1 = nondet_u64();
	page.sw_exitinfo2 = nondet_u64();
	page.valid_bitmap[0] = nondet_u64();
	page.valid_bitmap[1] = nondet_u64();
}

int main(void)
{
	struct ghcb_link link = { (struct ghcb *)(void *)&page, { 0x1000 } };
	enum err e;

	GIVEN(pa_range_make(nondet_u64(), nondet_u64(), &pages) == OK);
	state = nondet_bool() ? GHCB_PAGE_PRIVATE : GHCB_PAGE_SHARED;
	large = nondet_bool();
	/* The bound: entries that it takes. */
	if (large && pages.start.v % PAGE_2M == 0)
		GIVEN(pages.size / PAGE_2M + pages.size % PAGE_2M / PAGE_4K <=
		      BOUND);
	else
		GIVEN(pages.size / PAGE_4K <= BOUND);
	e = ghcb_page_state(link, pages, large, state);
	if (e == ERR_ALIGN) {
		PROVE(pages.start.v % PAGE_4K || pages.size % PAGE_4K);
		PROVE(!rounds);
		return 0;
	}
	PROVE(e == OK || e == ERR_HOST);
	if (e != OK || !pages.size)
		return 0;
	PROVE(rounds && page.list.cur_entry > last);
	PROVE(page.list.end_entry == last && page.sw_exitinfo2 == 0);
	SEEN(rounds == BOUND);
	return 0;
}

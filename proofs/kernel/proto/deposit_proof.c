/* SPDX-License-Identifier: MIT */
/* proof: DEPOSIT_MEM uses exactly the pages that it took, after one flush, and
 *   never the list's own; WITHDRAW_MEM gives each page to the guest, which was
 *   told of it, or keeps it; who deposits what an answer asks for gets on
 * sources: kernel/proto/deposit.c kernel/proto/list.c
 * bound: lists of up to 2 entries, 2 pages to withdraw
 * flags: --unwind 4
 * mutation: kernel/proto/deposit.c@entry_decode: home - gpa <
 *   page_bytes(out->size) => home == gpa
 * mutation: kernel/proto/deposit.c@deposit_call: (uint32_t)(list.next - first)
 *   => (uint32_t)(list.entries - first)
 * mutation: kernel/proto/deposit.c@list_keep: platform->tlb_flush(); =>
 * mutation: kernel/proto/deposit.c@withdraw_call: if (e == OK) =>
 *   if (e == OK || i)
 * mutation: kernel/proto/deposit.c@withdraw_call: || bytes == sizeof(*copy) =>
 * mutation: kernel/proto/deposit.c@need_pages: + 2; => + 1;
 */
#include "kernel/proto/deposit.h"

#include "abi/svsm/core.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/owned.h"
#include "kernel/proto/list.h"
#include "proofs/fake/proof.h"

#define LEFT  2u
#define DEEDS 31u /* regions that one page of deeds records: mm/deed.h */

const struct platform_ops *platform;
uint8_t page_offer, vcpu_offer_told;
static struct vcpu vcpu;
static uint64_t copy[LEFT + 6], home;
static struct {
	uint64_t gpa;
	enum page_size size;
} taken[LEFT];
static unsigned int takes, keeps, flushes;
static uint64_t withdrawn[LEFT];
static unsigned int leaves, returns, backs;
static bool told;
static uint32_t lacks;

enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	*out = (struct guest_range){ { { start }, size }, 0 };
	home = addr_down(start, PAGE_4K);
	return nondet_bool() ? OK : ERR_RANGE;
}

enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	const struct svsm_list *header = to;

	(void)from;
	(void)size;
	if (!off)
		__CPROVER_assume(header->entries <= LEFT);
	return nondet_bool() ? OK : ERR_ABSENT;
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	bool ok = nondet_bool();

	(void)from;
	__CPROVER_assert(off + size <= to.r.size, "within the page");
	if (!leaves)
		return ok ? OK : ERR_ABSENT;
	__CPROVER_assert(copy[0] == leaves && size == (leaves + 1) * 8,
			 "all that leave");
	told = ok;
	return ok ? OK : ERR_ABSENT;
}

enum err guestpage_check(uint64_t gpa, enum page_size size,
			 struct guest_range *page)
{
	/* The map does not change: the same answer for the same page. */
	if (gpa & 1ull << 40)
		return ERR_RANGE;
	*page = (struct guest_range){ { { gpa }, page_bytes(size) }, 0 };
	return OK;
}

enum page_result owned_take(struct guest_range page, enum page_size size)
{
	uint64_t bytes = page_bytes(size);

	__CPROVER_assert(page.r.size == bytes &&
				 addr_aligned(page.r.start.v, bytes),
			 "a whole page");
	__CPROVER_assert(home - page.r.start.v >= bytes, "not the list's");
	if (nondet_bool())
		return nondet_bool() ? PAGE_NO_MEMORY : PAGE_PINNED;
	taken[takes].gpa = page.r.start.v;
	taken[takes++].size = size;
	return PAGE_OK;
}

void owned_keep(struct guest_range page, enum page_size size)
{
	__CPROVER_assert(flushes == 1, "after the flush");
	__CPROVER_assert(keeps < takes && taken[keeps].size == size &&
				 taken[keeps].gpa == page.r.start.v,
			 "what was taken");
	keeps++;
}

bool page_withdraw(struct pa *out)
{
	if (leaves == LEFT || nondet_bool())
		return false;
	withdrawn[leaves++] = out->v = nondet_u64();
	return true;
}

void owned_return(struct pa pa)
{
	__CPROVER_assert(told, "the guest knows");
	__CPROVER_assert(pa.v == withdrawn[returns + backs], "each once");
	returns++;
}

void page_deposit(struct pa page)
{
	__CPROVER_assert(page.v == withdrawn[returns + backs], "each once");
	backs++;
}

uint32_t page_reserve_lacks(void)
{
	return lacks;
}

struct vcpu_held vcpu_lock(void)
{
	return (struct vcpu_held){ &vcpu };
}

void vcpu_unlock(struct vcpu_held held)
{
	(void)held;
}

void vcpu_offer_set(struct vcpu_held held, uint8_t offer)
{
	(void)held;
	vcpu_offer_told = offer;
}

static void flush(void)
{
	flushes++;
}

static void deposit(struct svsm_request *req)
{
	enum svsm_result r = deposit_call(req);

	PROVE(keeps == takes && flushes == (takes != 0));
	SEEN(r == SVSM_SUCCESS && takes == LEFT &&
	     taken[1].size == PAGE_SIZE_2M);
	SEEN(r == SVSM_ERR_INCOMPLETE && takes == 1);
}

static void withdraw(struct svsm_request *req)
{
	enum svsm_result r = withdraw_call(req);

	PROVE(returns + backs == leaves);
	PROVE(r == SVSM_SUCCESS || !returns);
	PROVE(r != SVSM_SUCCESS || req->rcx % PAGE_4K <= PAGE_4K - 16);
	SEEN(r == SVSM_SUCCESS && returns == LEFT);
	SEEN(backs == LEFT);
}

/* Of m deposited pages the record takes one for each 31 regions, and a page
 * table; what is left must be enough. */
static void answer(void)
{
	uint32_t n = (uint32_t)any_upto(1u << 20), m;

	lacks = (uint32_t)any_upto(PAGE_RESERVE);
	m = (uint32_t)need_pages(n) - SVSM_NEED_PAGES;
	PROVE(m - (m + DEEDS - 1) / DEEDS - 1 >= n + lacks && m < 1u << 30);
}

int main(void)
{
	static const struct platform_ops ops = { .tlb_flush = flush };
	struct svsm_request req = { .rcx = nondet_u64(), .vcpu = &vcpu };

	platform = &ops;
	vcpu.list = copy;
	ANY(copy);
	switch (nondet_u8() % 3) {
	case 0:
		deposit(&req);
		break;
	case 1:
		withdraw(&req);
		break;
	default:
		answer();
		break;
	}
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* proof: PVALIDATE works on the guest's list from the copy alone and never
 *   past it; entries with reserved bits reach no page; `next` tells how far it
 *   came; a page that was taken from the guest leaves all TLBs first
 * sources: kernel/proto/pvalidate.c kernel/proto/list.c
 * bound: lists of up to 4 entries, of which any number is done already
 * flags: --unwind 6
 * mutation: kernel/proto/pvalidate.c@list_apply: if (*entry &
 *   SIZES_AND_RESERVED) return malformed(*entry); =>
 * mutation: kernel/proto/pvalidate.c@list_apply: list->entries - list->next, &r
 *   => list->entries, &r
 * mutation: kernel/proto/pvalidate.c@pvalidate_call: if (narrowed) => if (0)
 * mutation: kernel/proto/pvalidate.c@list_apply: entry += done; => entry++;
 */
#include "kernel/proto/pvalidate.h"

#include "kernel/base/platform.h"
#include "kernel/mm/guestpage.h"
#include "kernel/proto/deposit.h"
#include "kernel/proto/list.h"
#include "proofs/fake/proof.h"

#define ENTRIES 4u

static struct vcpu vcpu;
static uint64_t copy[ENTRIES + 4], first, end, done;
static bool taken_away, flushed;
const struct platform_ops *platform;

enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	*out = (struct guest_range){ { { start }, size }, 0 };
	return nondet_bool() ? OK : ERR_RANGE;
}

/* The header comes with the first read. kernel/proto/list_proof.c: lists of
 * any length, and where their bytes go. */
enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	const struct svsm_list *header = to;

	(void)from;
	if (off)
		return nondet_bool() ? OK : ERR_ABSENT;
	__CPROVER_assume(header->entries <= ENTRIES);
	first = header->next;
	end = header->entries;
	return size ? OK : ERR_ABSENT;
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	(void)to;
	(void)off;
	(void)size;
	PROVE(*(const uint16_t *)from == first + done && first + done <= end);
	__CPROVER_assert(!taken_away || flushed, "told after the flush");
	return nondet_bool() ? OK : ERR_ABSENT;
}

enum err guestpage_check(uint64_t gpa, enum page_size size,
			 struct guest_range *page)
{
	(void)gpa;
	(void)size;
	(void)page;
	return nondet_bool() ? OK : ERR_RANGE;
}

/* Some of them are changed, and perhaps the next one is why not all. */
static uint32_t change(const uint64_t *entry, uint32_t most,
		       enum guestpage_action action, enum page_result *r)
{
	uint32_t n = (uint32_t)any_upto(most);

	__CPROVER_assert(entry == copy + 1 + first + done, "the next entry");
	__CPROVER_assert(first + done + most <= end, "within the list");
	__CPROVER_assert(!(*entry & (SVSM_PVALIDATE_RESERVED | 2)),
			 "no reserved bits");
	__CPROVER_assert(!(*entry & SVSM_PVALIDATE_VALIDATE) ==
				 (action == GUESTPAGE_RESCIND),
			 "as the entry says");
	if (action == GUESTPAGE_RESCIND) {
		taken_away = true;
		flushed = false;
	}
	done += n;
	*r = n == most || (n && nondet_bool())
		     ? PAGE_OK
		     : (enum page_result)(1 + any_upto(0x110));
	return n;
}

uint32_t guestpage_run(const uint64_t *entry, uint32_t count,
		       enum guestpage_action action, bool ignore_cf,
		       enum page_result *result)
{
	(void)ignore_cf;
	return change(entry, count, action, result);
}

enum page_result guestpage_change(uint64_t gpa, enum page_size size,
				  enum guestpage_action action, bool ignore_cf)
{
	const uint64_t *entry = copy + 1 + first + done;
	enum page_result r;

	(void)ignore_cf;
	__CPROVER_assert(gpa == (*entry & SVSM_PVALIDATE_GPA), "its page");
	__CPROVER_assert(size == PAGE_SIZE_2M && *entry & 1, "its size");
	(void)change(entry, 1, action, &r);
	return r;
}

enum svsm_result page_code(enum page_result r, unsigned int needs)
{
	PROVE(r != PAGE_OK && needs == GUESTPAGE_NEED);
	return SVSM_ERR_PROTOCOL;
}

static void flush(void)
{
	flushed = true;
}

int main(void)
{
	static const struct platform_ops ops = { .tlb_flush = flush };
	struct svsm_request req = { .rcx = nondet_u64(), .vcpu = &vcpu };
	enum svsm_result r;

	platform = &ops;
	vcpu.list = copy;
	ANY(copy);
	r = pvalidate_call(&req);
	PROVE(!taken_away || flushed);
	PROVE(r != SVSM_SUCCESS || first + done == end);
	SEEN(r == SVSM_SUCCESS && done == ENTRIES);
	SEEN(r == SVSM_ERR_INVALID_PARAMETER && done == 2);
	return 0;
}

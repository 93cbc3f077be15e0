/* SPDX-License-Identifier: MIT */
/* proof: whatever the guest's list holds, and becomes while it is read, the
 *   copy is taken once, byte for byte from its place, and `next` and `entries`
 *   never leave it
 * sources: kernel/proto/list.c
 * bound: none: any address, any list of up to a page
 * flags: --unwind 2
 * mutation: kernel/proto/list.c@list_read: header->entries > room =>
 *   header->entries > room + 1
 * mutation: kernel/proto/list.c@list_read: header->next >= header->entries =>
 *   header->next > header->entries
 * mutation: kernel/proto/list.c@rest_read: have > list->next ? have : =>
 * mutation: kernel/proto/list.c@list_read: smaller(room, FIRST_ENTRIES) =>
 *   FIRST_ENTRIES
 */
#include "kernel/proto/list.h"

#include "proofs/fake/proof.h"

static uint64_t copy[PAGE_4K / 8];
static uint64_t base, room, read_up_to;

/* Guest memory or not; what it is, the map decides. */
enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	base = start;
	room = size;
	*out = (struct guest_range){ { { start }, size }, 0 };
	return nondet_bool() ? OK : ERR_RANGE;
}

/* Other bytes each time: the guest writes meanwhile. Only what the header says
 * decides anything here. */
enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	__CPROVER_assert(from.r.start.v == base && from.r.size == room,
			 "the range that was checked");
	__CPROVER_assert(off <= room && size <= room - off, "within it");
	__CPROVER_assert(off >= read_up_to, "no byte twice");
	__CPROVER_assert((char *)to == (char *)copy + off, "in its place");
	read_up_to = off + size;
	if (!off)
		copy[0] = nondet_u64();
	return nondet_bool() ? OK : ERR_ABSENT;
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	__CPROVER_assert(to.r.start.v == base && off == 2 && size == 2,
			 "`next`");
	PROVE(*(const uint16_t *)from <= (room - 8) / 8);
	return nondet_bool() ? OK : ERR_ABSENT;
}

int main(void)
{
	struct vcpu vcpu = { .list = copy };
	uint64_t gpa = nondet_u64(), last;
	struct list list;

	if (list_read(&vcpu, gpa, &list) != SVSM_SUCCESS)
		return 0;
	last = list.entries - 1u;
	PROVE(addr_aligned(gpa, 8) && room == PAGE_4K - gpa % PAGE_4K);
	PROVE(list.next < list.entries && list.entries <= (room - 8) / 8);
	PROVE(list.entry == copy + 1 + list.next);
	PROVE(read_up_to >= (list.entries + 1u) * 8u);
	PROVE(list.entry + (last - list.next) < copy + PAGE_4K / 8);
	SEEN(list.entries == 511 && list.next == 9);
	list.next = list.entries;
	if (list_progress(&list) == SVSM_SUCCESS)
		SEEN(list.entries == 1);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Checked guest ranges and the copies in and out of them. */
#include "kernel/mm/guestmem.h"

#include "kernel/mm/memmap.h"
#include "kernel/mm/pvalid.h"
#include "kernel/mm/tmpmap.h"

enum direction {
	FROM_GUEST,
	TO_GUEST,
};

static uint32_t chunk_of(const struct memmap_entry *e, uint64_t start)
{
	return e->chunk + (uint32_t)((start >> PAGE_SHIFT_2M) -
				     (e->range.start.v >> PAGE_SHIFT_2M));
}

enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	const struct memmap_entry *e;
	struct pa_range r;

	if (pa_range_make(start, size, &r) != OK)
		return ERR_RANGE;
	e = memmap_guest(r);
	if (!e)
		return ERR_RANGE;
	*out = (struct guest_range){ r, chunk_of(e, start) };
	return OK;
}

enum err guest_range_part(struct guest_range from, uint64_t off, uint64_t size,
			  struct guest_range *out)
{
	uint64_t start = from.r.start.v + off;

	if (size == 0 || off > from.r.size || size > from.r.size - off)
		return ERR_RANGE;
	out->r = (struct pa_range){ { start }, size };
	out->chunk = from.chunk +
		     (uint32_t)((start >> PAGE_SHIFT_2M) -
				(from.r.start.v >> PAGE_SHIFT_2M));
	return OK;
}

static bool window_copy(struct pa at, void *local, uint64_t size,
			enum direction dir)
{
	uint64_t off = at.v % PAGE_4K;
	struct tmpmap map =
		tmpmap_4k((struct pa){ at.v - off },
			  dir == TO_GUEST ? KMAP_WRITE : KMAP_READ);
	char *guest = (char *)map.va + off;
	bool ok = dir == TO_GUEST ? guest_copy(guest, local, size) :
				    guest_copy(local, guest, size);

	tmpmap_drop(map);
	return ok;
}

/* A piece within one page. The region stays locked during the copy: another
 * vCPU cannot rescind the page meanwhile and make us touch a host's page. */
static enum err piece_copy(struct guest_range piece, void *local,
			   enum direction dir)
{
	struct guest_range page = piece;
	struct pvalid_held held;
	enum err e = ERR_ABSENT;

	page.r.start.v = addr_down(piece.r.start.v, PAGE_4K);
	page.r.size = PAGE_4K;
	held = pvalid_lock(page);
	if (pvalid_get(held, page) == PVALID_ALL)
		e = window_copy(piece.r.start, local, piece.r.size, dir) ?
			    OK :
			    ERR_HOST;
	pvalid_unlock(held);
	return e;
}

static enum err range_copy(struct guest_range range, uint64_t off, void *local,
			   uint64_t size, enum direction dir)
{
	struct guest_range piece;
	uint64_t done = 0;
	enum err e = OK;

	if (off > range.r.size || size > range.r.size - off)
		return ERR_RANGE;
	while (done < size && e == OK) {
		uint64_t at = range.r.start.v + off + done;
		uint64_t n = PAGE_4K - at % PAGE_4K;

		if (n > size - done)
			n = size - done;
		e = guest_range_part(range, off + done, n, &piece);
		if (e == OK)
			e = piece_copy(piece, (char *)local + done, dir);
		done += n;
	}
	return e;
}

enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	return range_copy(from, off, to, size, FROM_GUEST);
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	return range_copy(to, off, (void *)from, size, TO_GUEST);
}

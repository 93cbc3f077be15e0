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

enum err guest_range_check(uint64_t start, uint64_t size,
			   struct guest_range *out)
{
	const struct memmap_span *s = size ? memmap_guest_near(start, size)
					   : NULL;

	if (!s)
		return ERR_RANGE;
	*out = (struct guest_range){ { { start }, size },
				     memmap_chunk(s, start) };
	return OK;
}

enum err guest_range_part(struct guest_range from, uint64_t off, uint64_t size,
			  struct guest_range *out)
{
	uint64_t start = from.r.start.v + off;

	if (size == 0 || off > from.r.size || size > from.r.size - off)
		return ERR_RANGE;
	out->r = (struct pa_range){ { start }, size };
	out->chunk = from.chunk + (uint32_t)((start >> PAGE_SHIFT_2M) -
					     (from.r.start.v >> PAGE_SHIFT_2M));
	return OK;
}

static inline bool window_copy(struct pa at, void *local, uint64_t size,
			       enum direction dir)
{
	uint64_t off = at.v % PAGE_4K;
	struct tmpmap map = tmpmap_4k((struct pa){ at.v - off }, KMAP_WRITE);
	char *guest = (char *)map.va + off;
	bool ok = dir == TO_GUEST ? guest_copy(guest, local, size)
				  : guest_copy(local, guest, size);

	tmpmap_drop(map);
	return ok;
}

/* A piece within one page. The region stays locked during the copy: another
 * vCPU cannot rescind the page meanwhile and make us touch a host's page. */
static inline enum err piece_copy(const struct guest_range *range, uint64_t at,
				  void *local, uint64_t size,
				  enum direction dir)
{
	uint64_t first = range->r.start.v >> PAGE_SHIFT_2M;
	struct pvalid_held held = pvalid_lock_chunk(
		range->chunk + (uint32_t)((at >> PAGE_SHIFT_2M) - first));
	enum err e = ERR_ABSENT;

	if (pvalid_page(held, at))
		e = window_copy((struct pa){ at }, local, size, dir) ? OK
								     : ERR_HOST;
	pvalid_unlock(held);
	return e;
}

static enum err pieces_copy(const struct guest_range *range, uint64_t at,
			    void *local, uint64_t size, enum direction dir)
{
	enum err e = OK;

	while (size && e == OK) {
		uint64_t n = PAGE_4K - at % PAGE_4K;

		if (n > size)
			n = size;
		e = piece_copy(range, at, local, n, dir);
		local = (char *)local + n;
		at += n;
		size -= n;
	}
	return e;
}

static inline enum err range_copy(const struct guest_range *range, uint64_t off,
				  void *local, uint64_t size,
				  enum direction dir)
{
	uint64_t at = range->r.start.v + off;

	if (off > range->r.size || size > range->r.size - off)
		return ERR_RANGE;
	/* Most copies are a few bytes of one page. */
	if (size && size <= PAGE_4K - at % PAGE_4K)
		return piece_copy(range, at, local, size, dir);
	return pieces_copy(range, at, local, size, dir);
}

enum err guest_read(struct guest_range from, uint64_t off, void *to,
		    uint64_t size)
{
	return range_copy(&from, off, to, size, FROM_GUEST);
}

enum err guest_write(struct guest_range to, uint64_t off, const void *from,
		     uint64_t size)
{
	return range_copy(&to, off, (void *)from, size, TO_GUEST);
}

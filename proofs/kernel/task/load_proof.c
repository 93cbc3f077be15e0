/* SPDX-License-Identifier: MIT */
/* proof: however the stream is cut into pieces, its bytes go in order into the
 *   file part of the segments, never beyond it or across a page's end
 * sources: kernel/task/load.c
 * bound: 2 segments of any size, a piece of up to a page, from any place in the
 *   stream, so for rows of such pieces too
 * flags: --unwind 4
 * mutation: kernel/task/load.c@load_sink: n > size => n > size + 1
 * mutation: kernel/task/load.c@load_sink: l->segment == image->segments => false
 * mutation: kernel/task/load.c@load_sink: bytes_put(l->t, s->va + l->done, =>
 *   bytes_put(l->t, s->va,
 * mutation: kernel/task/load.c@bytes_put: PAGE_4K - off < size ? PAGE_4K - off : size => size
 */
#include "kernel/task/load.c"

#include "proofs/fake/proof.h"

static char window[PAGE_4K];
static uint8_t stream[PAGE_4K];
static struct archive_entry image;
static struct task task;
static uint64_t page_va, seen;
static uint32_t segment;
static uint64_t done;

enum err space_page(const struct space *s, uint64_t va, struct pa *out)
{
	PROVE(va % PAGE_4K == 0 && s == &task.space);
	page_va = va;
	out->v = nondet_u64();
	return nondet_bool() ? OK : ERR_ABSENT;
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	(void)pa;
	PROVE(use == KMAP_WRITE);
	return (struct tmpmap){ .va = window };
}

void tmpmap_drop(struct tmpmap map)
{
	PROVE(map.va == window);
}

/* Each copy is the next bytes of the stream, to where they belong. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	uint64_t off = (uint64_t)((char *)to - window);
	const struct archive_segment *s;

	while (segment < image.segments &&
	       done == image.segment[segment].file_size) {
		segment++;
		done = 0;
	}
	PROVE(segment < image.segments);
	s = &image.segment[segment];
	PROVE(off <= PAGE_4K && n <= PAGE_4K - off);
	PROVE(page_va + off == s->va + done && n <= s->file_size - done);
	PROVE((const uint8_t *)from == stream + seen);
	done += n;
	seen += n;
	return to;
}

int main(void)
{
	struct load l = { .t = &task };
	uint64_t size = any_upto(PAGE_4K);
	enum err e;

	task.image = &image;
	image.segments = 2;
	for (int i = 0; i < 3; i++) {
		struct archive_segment *s = &image.segment[i];

		/* lib/archive.h: whole pages below ARCHIVE_VA_MAX */
		s->va = any_upto(0xfffffull) * PAGE_4K;
		s->file_size = any_upto(0xffffffffull);
	}
	l.segment = segment = (uint32_t)any_upto(2);
	l.done = done = nondet_u64();
	/* What the last call left: the next byte's place. */
	GIVEN(segment == 2 ? !done
			   : !done || done < image.segment[segment].file_size);
	e = load_sink(&l, stream, size);
	PROVE(e != OK || seen == size);
	PROVE(e == OK || e == ERR_FORMAT || e == ERR_ABSENT);
	PROVE(e != OK || l.segment == 2 || !l.done ||
	      l.done < image.segment[l.segment].file_size);
	SEEN(e == OK && segment == 1 && seen > done);
	SEEN(e == ERR_FORMAT && seen);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the archive of services. What is accepted keeps its promises, and
 * is loaded: into pages of the process alone, none writable and executable, with
 * the bytes that zlib finds in the stream; or refused, and all pages come back.
 */
/* test-sources: lib/archive.c lib/inflate.c kernel/task/load.c */
/* test-sources: kernel/task/run.c kernel/task/usercopy.c kernel/task/space.c */
/* test-sources: kernel/task/entropy.c kernel/mm/page.c kernel/base/lock.c */
/* test-sources: kernel/base/panic.c kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: kernel/cpu/pcid.c */
/* test-sources: lib/str.c tests/fake/user.c tests/fake/mm.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
/* test-libs: -lz */
#include "lib/archive.h"

#include <string.h>
#include <zlib.h>

#include "kernel/mm/heap.h"
#include "kernel/mm/page.h"
#include "tests/fake/user.h"
#include "tests/fuzz/need.h"

#define STREAM_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void user_enter(struct trap_frame *frame)
{
	(void)frame;
	abort();
}

enum err heap_pages(size_t bytes, void **out)
{
	*out = calloc(1, bytes);
	need(*out);
	return OK;
}

static void segment_check(const struct archive_segment *s, uint64_t low)
{
	need(s->va >= low && s->va % PAGE_4K == 0 && s->size);
	need(s->size % PAGE_4K == 0 && s->va + s->size <= ARCHIVE_VA_MAX);
	need(s->file_size <= s->size);
	need((s->rights & (ARCHIVE_WRITE | ARCHIVE_EXEC)) !=
	     (ARCHIVE_WRITE | ARCHIVE_EXEC));
}

static void entry_check(const void *bytes, size_t size,
			const struct archive_entry *e)
{
	uint64_t low = ARCHIVE_VA_MIN;
	bool runs = false;

	need(memchr(e->name, 0, sizeof(e->name)) && e->name[0]);
	need(archive_find(bytes, e->name) == e);
	need(e->offset <= size && e->packed <= size - e->offset && e->packed);
	need(e->segments && e->segments <= ARCHIVE_SEGMENTS);
	for (uint32_t i = 0; i < e->segments; i++) {
		const struct archive_segment *s = &e->segment[i];

		segment_check(s, low);
		low = s->va + s->size;
		runs |= s->rights & ARCHIVE_EXEC && e->entry >= s->va &&
			e->entry < s->va + s->file_size;
	}
	need(runs && e->stack && e->stack % PAGE_4K == 0);
	need(e->heap && e->heap % PAGE_4K == 0);
	need(archive_memory(e) >= e->stack + e->heap);
}

/* The process has in its segments what the stream says, and zeroes behind. */
static void contents_check(const struct archive_entry *e,
			   const uint8_t *unpacked)
{
	for (uint32_t i = 0; i < e->segments; i++) {
		const struct archive_segment *s = &e->segment[i];

		for (uint64_t at = 0; at < s->size; at += 97) {
			const uint8_t *p = user_at(s->va + at, false, false);

			need(p && *p == (at < s->file_size ? unpacked[at] : 0));
		}
		need(!user_at(s->va, true, true));
		need(!(s->rights & ARCHIVE_WRITE) ==
		     !user_at(s->va, true, false));
		unpacked += s->file_size;
	}
}

static uint8_t *unpack(const uint8_t *bytes, const struct archive_entry *e,
		       uint64_t all)
{
	uint8_t *out = calloc(1, all + 1);
	z_stream z = { .next_in = (uint8_t *)bytes + e->offset,
		       .avail_in = (unsigned int)e->packed,
		       .next_out = out,
		       .avail_out = (unsigned int)all + 1 };

	need(out && inflateInit2(&z, -15) == Z_OK);
	need(inflate(&z, Z_FINISH) == Z_STREAM_END);
	need(z.avail_out == 1 && !z.avail_in);
	inflateEnd(&z);
	return out;
}

static void load(const uint8_t *bytes, const struct archive_entry *e)
{
	static struct task t __attribute__((aligned(16)));
	uint64_t before, all = 0;
	uint8_t *unpacked;

	for (uint32_t i = 0; i < e->segments; i++)
		all += e->segment[i].file_size;
	if (all > STREAM_MAX)
		return;
	user_reset();
	before = page_count_taken();
	memset(&t, 0, sizeof(t));
	if (task_load(&t, bytes, e) == OK) {
		need(t.state == TASK_RUNS);
		need(t.space.pages * PAGE_4K <= archive_memory(e));
		fake.cr3 = space_root(&t.space);
		user_check(&t);
		unpacked = unpack(bytes, e, all);
		contents_check(e, unpacked);
		free(unpacked);
		task_end(&t);
	}
	need(t.state == TASK_NONE && page_count_taken() == before);
	need(!fake.violations && !fake_windows);
}

/* Mostly with a head that leads further, and one good service in it. */
static void head_make(uint8_t *bytes, size_t size, uint8_t how)
{
	struct archive_header h = { ARCHIVE_MAGIC, 1 + how % 2u, 0 };
	struct archive_entry e;

	if (size < sizeof(h))
		return;
	memcpy(bytes, &h, sizeof(h));
	if (size < sizeof(h) + sizeof(e) || !(how & 2))
		return;
	memcpy(&e, bytes + sizeof(h), sizeof(e));
	e.offset = sizeof(h) + h.count * sizeof(e);
	e.packed = size > e.offset ? size - e.offset : 0;
	e.stack = e.heap = 2 * PAGE_4K;
	e.segments = 1 + e.segments % ARCHIVE_SEGMENTS;
	for (uint32_t i = 0; i < e.segments; i++) {
		e.segment[i].va = 0x400000 + i * 0x10000ull;
		e.segment[i].size = (1 + i % 3) * PAGE_4K;
		e.segment[i].file_size %= e.segment[i].size + 1;
		e.segment[i].rights %= 4;
	}
	memcpy(bytes + sizeof(h), &e, sizeof(e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes;

	if (!size)
		return 0;
	bytes = aligned_alloc(16, addr_up(size, 16));
	need(bytes);
	memcpy(bytes, data + 1, size - 1);
	if (data[0] & 0x80)
		head_make(bytes, size - 1, data[0]);
	if (archive_check(bytes, size - 1) == OK) {
		need(archive_count(bytes) <= ARCHIVE_MAX);
		for (uint32_t i = 0; i < archive_count(bytes); i++) {
			entry_check(bytes, size - 1, archive_at(bytes, i));
			load(bytes, archive_at(bytes, i));
		}
	}
	free(bytes);
	return 0;
}

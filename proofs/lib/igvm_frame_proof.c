/* SPDX-License-Identifier: MIT */
/* proof: the walk over IGVM headers moves ahead by whole words and never leaves
 *   the header section, which lies in the file before its data
 * sources: lib/igvm_read.c lib/cursor.h lib/str.c proofs/fake/bytes.c
 * bound: 24 bytes of headers at any place, bodies of any type and length
 * flags: -DBOUND=24 --unwind 25
 * mutation: lib/igvm_read.c@item_read: pad = -item->length & (IGVM_HEADER_ALIGN - 1) => pad = 0
 * mutation: lib/igvm_read.c@item_read: f->header_end - at => f->header_end
 * mutation: lib/igvm_read.c@item_read: || !bytes_are_zero(padding, pad) =>
 * mutation: lib/igvm_read.c@sizes_check: size > f->size - offset || => size > f->size ||
 * mutation: lib/igvm_read.c@sizes_check: offset < fixed_size || =>
 */
#include "lib/igvm_read.c"

#include "proofs/fake/proof.h"

static uint8_t bytes[BOUND];
static const struct igvm_body body;

/* igvm_body.c has proofs of its own; here a body may be anything. */
const struct igvm_body *igvm_body_find(uint32_t type)
{
	(void)type;
	return nondet_bool() ? &body : NULL;
}

const char *igvm_body_decode(const struct igvm_body *row,
			     const struct igvm_file *file, const uint8_t *data,
			     struct igvm_item *item)
{
	size_t at = (size_t)(data - bytes);

	(void)row;
	PROVE(at <= file->header_end && item->length <= file->header_end - at);
	return nondet_bool() ? NULL : "wrong";
}

enum igvm_section igvm_body_section(uint32_t type)
{
	(void)type;
	return IGVM_SECTION_PLATFORM;
}

static void frame(void)
{
	struct igvm_file f = { .bytes = bytes, .size = BOUND + 1 };
	uint32_t at = (uint32_t)any_upto(BOUND / 8) * 8, next = 0;
	uint32_t end = (uint32_t)any_upto(BOUND / 8) * 8;
	struct igvm_item item;

	GIVEN(at < end); /* as both callers make sure of */
	f.header_end = end;
	if (item_read(&f, at, &item, &next))
		return;
	PROVE(next >= at + 8 && next <= end && next % 8 == 0);
	PROVE(item.length <= next - at - 8);
	PROVE(item.length % 8 == 0 || bytes[next - 1] == 0);
	PROVE(item.offset == at);
	SEEN(item.skipped && next == BOUND && at == 0);
}

static void sizes(void)
{
	struct igvm_file f = { .size = nondet_u32() };
	uint32_t fixed = nondet_bool() ? sizeof(struct igvm_fixed_header)
				       : sizeof(struct igvm_fixed_header_v2);
	struct igvm_fixed_header h;
	struct igvm_fault fault;

	ANY(h);
	if (sizes_check(&f, &h, fixed, &fault) != OK) {
		PROVE(fault.text);
		return;
	}
	PROVE(f.header_offset >= fixed && f.header_offset <= f.header_end);
	PROVE(f.header_end < f.size);
	PROVE(f.header_offset % 8 == 0 && f.header_end % 8 == 0);
}

int main(void)
{
	ANY(bytes);
	if (nondet_bool())
		frame();
	else
		sizes();
	return 0;
}

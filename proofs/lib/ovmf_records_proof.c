/* SPDX-License-Identifier: MIT */
/* proof: of any metadata block at any offset the records taken lie in the file,
 *   are no more than there is room for, and end below 4 GiB
 * sources: lib/ovmf.c proofs/fake/bytes.c
 * bound: a file of 40 bytes, so up to 2 records
 * flags: -DBOUND=40 --unwind 17
 * mutation: lib/ovmf.c@block_read: cursor_left(c) < b.count * record => false
 * mutation: lib/ovmf.c@block_read: b.count > OVMF_RECORDS_MAX => false
 * mutation: lib/ovmf.c@records_read: r->size > OVMF_END - r->start => false
 * mutation: lib/ovmf.c@range_read: size > OVMF_END - start => size > OVMF_END
 */
#include "lib/ovmf.c"

#include "proofs/fake/proof.h"

static uint8_t bytes[BOUND];

/* lib/str.h's, for GUIDs. */
int memcmp(const void *a, const void *b, size_t size)
{
	(void)a;
	(void)b;
	(void)size;
	return nondet_bool();
}

static void records(void)
{
	struct file f = { bytes, any_upto(BOUND), NULL };
	uint32_t offset = nondet_u32();
	struct ovmf_records out = { 0 };

	if (!records_read(&f, offset, OVMF_SIGNATURE_SEV, &out)) {
		PROVE(f.why);
		return;
	}
	PROVE(out.present && out.count <= 2 && offset <= f.size);
	PROVE(16 + out.count * 12 <= offset);
	for (unsigned int i = 0; i < 2; i++)
		if (i < out.count)
			PROVE((uint64_t)out.at[i].start + out.at[i].size <=
			      1ull << 32);
	SEEN(out.count == 2);
}

static void range(void)
{
	struct cursor c = cursor_make(bytes, any_upto(8));
	struct file f = { bytes, BOUND, NULL };
	struct pa_range r;

	if (range_read(&f, &c, &r))
		PROVE(pa_range_end(r) <= 1ull << 32);
}

/* The count is held to the array, whatever room the file would have. */
static void counts(void)
{
	struct file f = { bytes, BOUND, NULL };
	struct cursor c = cursor_make(bytes, BOUND);
	uint32_t count = ~0u;

	if (block_read(&f, &c, OVMF_SIGNATURE_SEV, 0, &count))
		PROVE(count <= OVMF_RECORDS_MAX);
	else
		PROVE(count == ~0u);
}

int main(void)
{
	ANY(bytes);
	switch (any_upto(2)) {
	case 0:
		records();
		break;
	case 1:
		range();
		break;
	default:
		counts();
	}
	return 0;
}

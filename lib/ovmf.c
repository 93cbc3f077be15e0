/* SPDX-License-Identifier: MIT */
/* Walks the table from its end down; each entry is known by its GUID. */
#include "lib/ovmf.h"

#include "lib/cursor.h"

#define IMAGE_MIN 4096u

struct file {
	const uint8_t *bytes;
	uint64_t size;
	const char *why; /* NULL: all is well */
};

static bool bad(struct file *f, const char *why)
{
	f->why = why;
	return false;
}

/* The part of the file that a block may use: it starts @offset from the end. */
static struct cursor from_end(const struct file *f, uint32_t offset)
{
	struct cursor c = cursor_make(f->bytes, f->size);

	if (offset > f->size)
		c.failed = true;
	else
		cursor_seek(&c, f->size - offset);
	return c;
}

static bool block_read(struct file *f, struct cursor *c, uint32_t signature,
		       uint32_t record, uint32_t *count)
{
	struct ovmf_block b;

	cursor_bytes(c, &b, sizeof(b));
	if (c->failed)
		return bad(f, "a metadata block lies outside the image");
	if (b.signature != signature)
		return bad(f, "a metadata block has the wrong signature");
	if (b.version != OVMF_BLOCK_VERSION)
		return bad(f, "a metadata block is of an unknown version");
	if (b.count > OVMF_RECORDS_MAX)
		return bad(f, "a metadata block has too many records");
	if (b.length != sizeof(b) + b.count * record)
		return bad(f, "a metadata block's length is not its records'");
	if (cursor_left(c) < b.count * record)
		return bad(f, "a metadata block lies outside the image");
	*count = b.count;
	return true;
}

static bool records_read(struct file *f, uint32_t offset, uint32_t signature,
			 struct ovmf_records *out)
{
	struct cursor c = from_end(f, offset);

	if (!block_read(f, &c, signature, sizeof(struct ovmf_record),
			&out->count))
		return false;
	out->present = true;
	for (uint32_t i = 0; i < out->count; i++) {
		struct ovmf_record *r = &out->at[i];

		r->start = cursor_u32(&c);
		r->size = cursor_u32(&c);
		r->type = cursor_u32(&c);
		if (r->size > OVMF_END - r->start)
			return bad(f, "a metadata record ends above 4 GiB");
	}
	return true;
}

static bool tdx_read(struct file *f, uint32_t offset, struct ovmf_image *out)
{
	static const uint8_t guid[] = OVMF_GUID_TDX_BLOCK;
	struct cursor c;
	const void *found;

	if (offset > UINT32_MAX - OVMF_GUID_SIZE)
		return bad(f, "a metadata block lies outside the image");
	c = from_end(f, offset + OVMF_GUID_SIZE);
	found = cursor_take(&c, sizeof(guid));
	if (!found || memcmp(found, guid, sizeof(guid)) != 0)
		return bad(f, "the TDX metadata block has no GUID");
	if (!block_read(f, &c, OVMF_SIGNATURE_TDX,
			sizeof(struct ovmf_tdx_record), &out->tdx_count))
		return false;
	out->has_tdx = true;
	for (uint32_t i = 0; i < out->tdx_count; i++) {
		struct ovmf_tdx_record *r = &out->tdx[i];
		struct pa_range range;

		cursor_bytes(&c, r, sizeof(*r));
		if (r->file_size > OVMF_SIZE_MAX ||
		    r->file_offset > OVMF_SIZE_MAX - r->file_size)
			return bad(f, "a TDX section lies outside the image");
		if (pa_range_make(r->address, r->size, &range) != OK)
			return bad(f, "a TDX section's address wraps");
	}
	return true;
}

static bool range_read(struct file *f, struct cursor *data,
		       struct pa_range *out)
{
	uint32_t start = cursor_u32(data), size = cursor_u32(data);

	if (size > OVMF_END - start)
		return bad(f, "a block ends above 4 GiB");
	*out = (struct pa_range){ { start }, size };
	return true;
}

enum kind {
	KIND_RESET_BLOCK,
	KIND_SECRET_BLOCK,
	KIND_HASH_TABLE,
	KIND_SEV,
	KIND_TDX,
	KIND_IGVM,
	KINDS,
};

static const struct {
	uint8_t guid[OVMF_GUID_SIZE];
	uint32_t size; /* of its data */
} kinds[KINDS] = {
	[KIND_RESET_BLOCK] = { OVMF_GUID_RESET_BLOCK, 4 },
	[KIND_SECRET_BLOCK] = { OVMF_GUID_SECRET_BLOCK, 8 },
	[KIND_HASH_TABLE] = { OVMF_GUID_HASH_TABLE, 8 },
	[KIND_SEV] = { OVMF_GUID_SEV, 4 },
	[KIND_TDX] = { OVMF_GUID_TDX, 4 },
	[KIND_IGVM] = { OVMF_GUID_IGVM, 4 },
};

static bool kind_read(struct file *f, enum kind kind, struct cursor *data,
		      struct ovmf_image *out)
{
	switch (kind) {
	case KIND_RESET_BLOCK:
		out->has_reset_block = true;
		out->ap_reset = cursor_u32(data);
		return true;
	case KIND_SECRET_BLOCK:
		return range_read(f, data, &out->launch_secret);
	case KIND_HASH_TABLE:
		return range_read(f, data, &out->hash_table);
	case KIND_SEV:
		return records_read(f, cursor_u32(data), OVMF_SIGNATURE_SEV,
				    &out->sev);
	case KIND_TDX:
		return tdx_read(f, cursor_u32(data), out);
	default:
		return records_read(f, cursor_u32(data), OVMF_SIGNATURE_IGVM,
				    &out->igvm);
	}
}

static bool entry_read(struct file *f, const uint8_t *guid, struct cursor data,
		       uint32_t *seen, struct ovmf_image *out)
{
	unsigned int kind = 0;

	while (kind < KINDS &&
	       memcmp(kinds[kind].guid, guid, OVMF_GUID_SIZE) != 0)
		kind++;
	if (kind == KINDS)
		return true; /* somebody else's */
	if (*seen & 1u << kind)
		return bad(f, "the table has an entry twice");
	*seen |= 1u << kind;
	if (cursor_left(&data) != kinds[kind].size)
		return bad(f, "a table entry has the wrong length");
	return kind_read(f, (enum kind)kind, &data, out);
}

/* [low, high) of the file: entries, the last one first. */
static bool entries_read(struct file *f, uint64_t low, uint64_t high,
			 struct ovmf_image *out)
{
	uint32_t seen = 0;

	while (high > low) {
		struct cursor c = cursor_make(f->bytes + low, high - low);
		const uint8_t *guid;
		uint64_t length;

		if (high - low < OVMF_ENTRY_TAIL)
			return bad(f, "the table is not made of whole entries");
		cursor_seek(&c, high - low - OVMF_ENTRY_TAIL);
		length = cursor_u16(&c);
		guid = cursor_take(&c, OVMF_GUID_SIZE);
		if (length < OVMF_ENTRY_TAIL || length > high - low)
			return bad(f, "a table entry leaves the table");
		c = cursor_make(f->bytes + high - length,
				length - OVMF_ENTRY_TAIL);
		if (!entry_read(f, guid, c, &seen, out))
			return false;
		high -= length;
	}
	return true;
}

/* Offsets of the IGVM block's usage records count from its area's start. */
static bool igvm_check(struct file *f, const struct ovmf_records *igvm)
{
	struct ovmf_record area;
	enum err e = ovmf_find(igvm, OVMF_IGVM_AREA, &area);

	if (e == ERR_EXISTS)
		return bad(f, "there are several IGVM parameter areas");
	for (uint32_t i = 0; i < igvm->count; i++) {
		const struct ovmf_record *r = &igvm->at[i];

		if (!r->size || (r->type != OVMF_IGVM_MEMORY_MAP &&
				 r->type != OVMF_IGVM_VP_COUNT))
			continue;
		if (e != OK || r->start > area.size ||
		    r->size > area.size - r->start)
			return bad(f, "an IGVM record leaves its area");
	}
	return true;
}

static bool image_read(struct file *f, struct ovmf_image *out)
{
	uint64_t high = f->size - OVMF_TABLE_SKIP - OVMF_ENTRY_TAIL;
	struct cursor c = cursor_make(f->bytes, f->size);
	uint64_t length;

	cursor_seek(&c, high);
	length = cursor_u16(&c);
	if (length < OVMF_ENTRY_TAIL || length > high + OVMF_ENTRY_TAIL)
		return bad(f, "the table is larger than the image");
	return entries_read(f, high + OVMF_ENTRY_TAIL - length, high, out) &&
	       igvm_check(f, &out->igvm);
}

static bool has_table(const struct file *f)
{
	static const uint8_t guid[] = OVMF_GUID_FOOTER;

	return !memcmp(f->bytes + f->size - OVMF_TABLE_SKIP - sizeof(guid),
		       guid, sizeof(guid));
}

enum err ovmf_open(struct ovmf_image *image, const void *bytes, uint64_t size,
		   const char **why)
{
	struct file f = { bytes, size, NULL };
	struct ovmf_image made = { .flash = { { OVMF_END - size }, size } };
	enum err e = OK;

	if (size < IMAGE_MIN || size > OVMF_SIZE_MAX ||
	    !addr_aligned(size, PAGE_4K)) {
		f.why = "no firmware image: its size is not one";
		e = ERR_FORMAT;
	} else if (!has_table(&f)) {
		f.why = "no firmware image: it has no table of GUIDs";
		e = ERR_ABSENT;
	} else if (!image_read(&f, &made)) {
		e = ERR_FORMAT;
	}
	*why = f.why;
	if (e == OK)
		*image = made;
	return e;
}

enum err ovmf_find(const struct ovmf_records *records, uint32_t type,
		   struct ovmf_record *out)
{
	const struct ovmf_record *found = NULL;

	for (uint32_t i = 0; i < records->count; i++) {
		if (records->at[i].type != type || !records->at[i].size)
			continue;
		if (found)
			return ERR_EXISTS;
		found = &records->at[i];
	}
	if (!found)
		return ERR_ABSENT;
	*out = *found;
	return OK;
}

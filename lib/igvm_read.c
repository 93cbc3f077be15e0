/* SPDX-License-Identifier: MIT */
/* IGVM files: framing, the rules of order, iteration. */
#include "lib/igvm_read.h"

#include "lib/bitmap.h"
#include "lib/crc32.h"
#include "lib/cursor.h"
#include "lib/igvm_body.h"

/* What is known while igvm_open walks from one header to the next. */
struct walk {
	struct igvm_file *file;
	enum igvm_section section;
	uint32_t corim_mask; /* platforms whose CoRIM document was seen */
};

static enum err refuse(struct igvm_fault *fault, uint64_t offset,
		       const char *text)
{
	*fault = (struct igvm_fault){ offset, text };
	return ERR_FORMAT;
}

/* Reads one framed header at `at`; NULL: fine, else what is wrong. */
static const char *item_read(const struct igvm_file *f, uint32_t at,
			     struct igvm_item *item, uint32_t *next)
{
	struct cursor c = cursor_make(f->bytes + at, f->header_end - at);
	const struct igvm_body *body;
	const uint8_t *bytes, *padding;
	size_t pad;

	item->offset = at;
	item->type = cursor_u32(&c);
	item->length = cursor_u32(&c);
	item->mask = ~0u;
	item->skipped = false;
	item->data = NULL;
	item->data_size = 0;
	item->area = NULL;
	/* Any length up to 4 GiB may stand here; the cursor knows the end. */
	bytes = cursor_take(&c, item->length);
	if (!bytes)
		return "header is longer than the header section";
	pad = -item->length & (IGVM_HEADER_ALIGN - 1);
	padding = cursor_take(&c, pad);
	if (!padding || !bytes_are_zero(padding, pad))
		return "padding is cut short or not zero";
	*next = at + (uint32_t)cursor_offset(&c);
	body = igvm_body_find(item->type);
	if (body)
		return igvm_body_decode(body, f, bytes, item);
	if (!(item->type & IGVM_VHT_OPTIONAL))
		return "unknown header type that is not optional";
	item->skipped = true;
	return NULL;
}

static const char *track_platform(struct walk *w, const struct igvm_item *it)
{
	struct igvm_file *f = w->file;

	for (uint32_t i = 0; i < f->platform_count; i++) {
		if (f->platforms[i].platform_type == it->platform.platform_type)
			return "platform type occurs twice";
		/* One bit for two platforms would mix up their directives. */
		if (f->platforms[i].compatibility_mask ==
		    it->platform.compatibility_mask)
			return "two platforms share one mask bit";
	}
	/* Types are unique and below the array's size, so this cannot pass it. */
	f->platforms[f->platform_count++] = it->platform;
	return NULL;
}

/* Areas live in a table of fixed size, for there is no memory to get here. */
static const char *track_area(struct walk *w, const struct igvm_item *it)
{
	struct igvm_file *f = w->file;

	for (uint32_t i = 0; i < f->area_count; i++)
		if (f->areas[i].index ==
		    it->parameter_area.parameter_area_index)
			return "parameter area is declared twice";
	if (f->area_count == IGVM_AREA_COUNT_MAX)
		return "more than 64 parameter areas";
	f->areas[f->area_count++] = (struct igvm_area){
		.index = it->parameter_area.parameter_area_index,
		.state = IGVM_AREA_DECLARED,
		.size = it->parameter_area.number_of_bytes,
		.file_offset = it->parameter_area.file_offset,
	};
	return NULL;
}

/* Adds to the sums of all platforms in mask; true: one is over its limit. */
static bool sum_exceeds(const struct igvm_file *f, uint64_t *sums,
			uint32_t mask, uint64_t bytes, uint64_t limit)
{
	bool over = false;

	for (uint32_t i = 0; i < f->platform_count; i++) {
		if (!(f->platforms[i].compatibility_mask & mask))
			continue;
		sums[i] += bytes;
		over |= sums[i] > limit;
	}
	return over;
}

/* Sums are bounded so that a small file cannot keep a loader busy for ever. */
static const char *track_memory(struct walk *w, const struct igvm_item *it)
{
	struct igvm_file *f = w->file;
	struct pa_range r;

	if (it->type == IGVM_VHT_REQUIRED_MEMORY) {
		if (sum_exceeds(f, f->required_bytes, it->mask,
				it->required.number_of_bytes,
				IGVM_REQUIRED_BYTES_MAX))
			return "more than 2 GiB of required memory";
		return NULL;
	}
	if (igvm_item_range(it, &r) &&
	    sum_exceeds(f, f->loaded_bytes, it->mask, r.size,
			IGVM_LOADED_BYTES_MAX))
		return "more than 4 GiB of memory to load";
	return NULL;
}

/* An area is dead once inserted: its pages are already measured by then. */
static const char *track_area_use(struct walk *w, const struct igvm_item *it)
{
	struct igvm_area *a = &w->file->areas[it->area - w->file->areas];

	if (a->state != IGVM_AREA_DECLARED)
		return "parameter area was inserted before";
	if (it->type == IGVM_VHT_PARAMETER_INSERT)
		a->state = IGVM_AREA_INSERTED;
	return NULL;
}

static const char *track_corim(struct walk *w, const struct igvm_item *it)
{
	if (it->type == IGVM_VHT_CORIM_SIGNATURE)
		return (w->corim_mask & it->mask) == it->mask
			       ? NULL
			       : "signature comes before its CoRIM document";
	if (w->corim_mask & it->mask)
		return "second CoRIM document for a platform";
	w->corim_mask |= it->mask;
	return NULL;
}

/* Two contexts for one VP would leave the choice to the loader. */
static const char *track_vp(struct walk *w, const struct igvm_item *it)
{
	uint32_t vp = it->vp_context.vp_index, mask;
	struct igvm_file *f = w->file;

	f->vp_context_count++;
	if (igvm_platform_mask(f, IGVM_PLATFORM_SEV_SNP, &mask) != OK ||
	    !(mask & it->mask))
		return NULL;
	if (vp >= IGVM_VP_COUNT_MAX)
		return "VP index is larger than 1023";
	if (bitmap_test(f->snp_vps, vp))
		return "second VP context for a VP";
	bitmap_set(f->snp_vps, vp);
	return NULL;
}

/* The rules that look back at earlier headers. */
static const char *track(struct walk *w, const struct igvm_item *it)
{
	const char *wrong = NULL;

	switch (it->type) {
	case IGVM_VHT_SUPPORTED_PLATFORM:
		wrong = track_platform(w, it);
		break;
	case IGVM_VHT_PARAMETER_AREA:
		wrong = track_area(w, it);
		break;
	case IGVM_VHT_CORIM_DOCUMENT:
	case IGVM_VHT_CORIM_SIGNATURE:
		wrong = track_corim(w, it);
		break;
	case IGVM_VHT_VP_CONTEXT:
		wrong = track_vp(w, it);
		break;
	default:
		if (it->area)
			wrong = track_area_use(w, it);
		break;
	}
	return wrong ? wrong : track_memory(w, it);
}

/* Once a later section has begun, none before it may go on. */
static const char *track_section(struct walk *w, const struct igvm_item *it)
{
	enum igvm_section section = igvm_body_section(it->type);

	if (section < w->section)
		return "header stands in the wrong section";
	w->section = section;
	return NULL;
}

static enum err headers_walk(struct igvm_file *f, struct igvm_fault *fault)
{
	struct walk w = { .file = f, .section = IGVM_SECTION_PLATFORM };
	uint32_t at = f->header_offset, next = at;
	struct igvm_item item;

	for (; at < f->header_end; at = next) {
		const char *wrong = item_read(f, at, &item, &next);

		if (!wrong && !item.skipped)
			wrong = track_section(&w, &item);
		if (!wrong && !item.skipped)
			wrong = track(&w, &item);
		if (wrong)
			return refuse(fault, at, wrong);
		f->header_count++;
	}
	if (!f->platform_count)
		return refuse(fault, f->header_offset,
			      "no platform is supported");
	return OK;
}

/*
 * A file cut short or glued together is told apart from a wrong header first;
 * after this, header_offset <= header_end < size.
 */
static enum err sizes_check(struct igvm_file *f,
			    const struct igvm_fixed_header *h,
			    uint32_t fixed_size, struct igvm_fault *fault)
{
	uint32_t offset = h->variable_header_offset;
	uint32_t size = h->variable_header_size;

	if (h->total_file_size > f->size)
		return refuse(fault, f->size,
			      "file is shorter than its header says");
	if (h->total_file_size < f->size)
		return refuse(fault, h->total_file_size,
			      "file is longer than its header says");
	if (offset < fixed_size || offset > f->size ||
	    !addr_aligned(offset, IGVM_HEADER_ALIGN))
		return refuse(fault, 0x8,
			      "header section starts at a wrong offset");
	if (size > f->size - offset || !addr_aligned(size, IGVM_HEADER_ALIGN))
		return refuse(fault, 0xc, "header section has a wrong size");
	if (size == f->size - offset)
		return refuse(fault, 0xc, "file has no data section");
	f->header_offset = offset;
	f->header_end = offset + size;
	return OK;
}

/* The checksum counts as zero in itself; a gap after the header is left out. */
static enum err checksum_check(const struct igvm_file *f, uint32_t fixed_size,
			       struct igvm_fault *fault)
{
	uint8_t fixed[sizeof(struct igvm_fixed_header_v2)];
	const size_t at = offsetof(struct igvm_fixed_header, checksum);
	uint32_t crc;

	memcpy(fixed, f->bytes, fixed_size);
	memset(fixed + at, 0, sizeof(crc));
	crc = crc32_add(0, fixed, fixed_size);
	crc = crc32_add(crc, f->bytes + f->header_offset,
			f->header_end - f->header_offset);
	if (crc != f->checksum)
		return refuse(fault, at, "wrong checksum");
	return OK;
}

static enum err fixed_read(struct igvm_file *f, uint32_t *fixed_size,
			   struct igvm_fault *fault)
{
	struct cursor c = cursor_make(f->bytes, f->size);
	struct igvm_fixed_header h;
	uint32_t page_size = IGVM_PAGE_SIZE;

	cursor_bytes(&c, &h, sizeof(h));
	if (c.failed)
		return refuse(fault, f->size, "file is shorter than a header");
	if (h.magic != IGVM_MAGIC)
		return refuse(fault, 0, "not an IGVM file");
	if (h.format_version != IGVM_FORMAT_VERSION_1 &&
	    h.format_version != IGVM_FORMAT_VERSION_2)
		return refuse(fault, 4, "unknown format version");
	f->format_version = h.format_version;
	f->architecture = IGVM_ARCH_X64;
	f->checksum = h.checksum;
	if (h.format_version == IGVM_FORMAT_VERSION_2) {
		f->architecture = cursor_u32(&c);
		page_size = cursor_u32(&c);
	}
	if (c.failed)
		return refuse(fault, f->size, "file is shorter than a header");
	if (f->architecture > IGVM_ARCH_AARCH64)
		return refuse(fault, 0x18, "unknown architecture");
	if (page_size != IGVM_PAGE_SIZE)
		return refuse(fault, 0x1c, "page size is not 4 KiB");
	*fixed_size = (uint32_t)cursor_offset(&c);
	return sizes_check(f, &h, *fixed_size, fault);
}

enum err igvm_open(struct igvm_file *file, const void *bytes, uint64_t size,
		   struct igvm_fault *fault)
{
	uint32_t fixed_size;
	enum err e;

	memset(file, 0, sizeof(*file));
	file->bytes = bytes;
	file->size = size;
	if (size > UINT32_MAX)
		return refuse(fault, UINT32_MAX, "file is larger than 4 GiB");
	e = fixed_read(file, &fixed_size, fault);
	if (e == OK)
		e = checksum_check(file, fixed_size, fault);
	if (e == OK)
		e = headers_walk(file, fault);
	return e;
}

enum err igvm_platform_mask(const struct igvm_file *file,
			    uint32_t platform_type, uint32_t *mask)
{
	for (uint32_t i = 0; i < file->platform_count; i++) {
		if (file->platforms[i].platform_type == platform_type) {
			*mask = file->platforms[i].compatibility_mask;
			return OK;
		}
	}
	return ERR_ABSENT;
}

struct igvm_iter igvm_first(const struct igvm_file *file)
{
	return (struct igvm_iter){ file, file->header_offset };
}

bool igvm_next(struct igvm_iter *it, struct igvm_item *item)
{
	uint32_t next;

	/* Checked before; a failure would mean that the bytes were changed. */
	if (it->at >= it->file->header_end ||
	    item_read(it->file, it->at, item, &next))
		return false;
	it->at = next;
	return true;
}

bool igvm_item_range(const struct igvm_item *item, struct pa_range *range)
{
	uint64_t gpa, size;

	if (item->skipped)
		return false;
	switch (item->type) {
	case IGVM_VHT_PAGE_DATA:
		gpa = item->page.gpa;
		size = item->page.flags & IGVM_PAGE_IS_2MB ? PAGE_2M : PAGE_4K;
		break;
	case IGVM_VHT_PARAMETER_INSERT:
		if (!item->area)
			return false;
		gpa = item->insert.gpa;
		size = item->area->size;
		break;
	case IGVM_VHT_VP_CONTEXT:
		gpa = item->vp_context.gpa;
		size = gpa ? PAGE_4K : 0;
		break;
	case IGVM_VHT_ERROR_RANGE:
		gpa = item->error_range.gpa;
		size = item->error_range.size_bytes;
		break;
	default:
		return false;
	}
	return size && pa_range_make(gpa, size, range) == OK;
}

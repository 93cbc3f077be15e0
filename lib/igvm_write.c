/* SPDX-License-Identifier: MIT */
/* IGVM builder: headers and data apart, joined at the end. */
#include "lib/igvm_write.h"

#include "lib/crc32.h"

void igvm_write_init(struct igvm_writer *w, uint32_t format_version,
		     void *headers, size_t header_size, void *data,
		     size_t data_size)
{
	*w = (struct igvm_writer){
		.format_version = format_version,
		.headers = cursor_out_make(headers, header_size),
		.data = cursor_out_make(data, data_size),
	};
}

uint32_t igvm_write_data(struct igvm_writer *w, const void *bytes, size_t size,
			 size_t padded)
{
	size_t at = cursor_out_offset(&w->data);

	/* References are 32 bits and one is kept free for "no data". */
	if (padded < size || padded > UINT32_MAX || at >= UINT32_MAX - padded) {
		w->error = ERR_RANGE;
		return 1;
	}
	cursor_out_bytes(&w->data, bytes, size);
	(void)cursor_out_take(&w->data, padded - size);
	return (uint32_t)at + 1;
}

/* The cursor zeroes what it reserves, padding included. */
void igvm_write_header(struct igvm_writer *w, uint32_t type, const void *body,
		       size_t size)
{
	cursor_out_u32(&w->headers, type);
	cursor_out_u32(&w->headers, (uint32_t)size);
	cursor_out_bytes(&w->headers, body, size);
	cursor_out_align(&w->headers, IGVM_HEADER_ALIGN);
}

void igvm_write_platform(struct igvm_writer *w, uint32_t mask, uint8_t type,
			 uint8_t highest_vtl, uint64_t shared_gpa_boundary)
{
	struct igvm_supported_platform body = {
		.compatibility_mask = mask,
		.highest_vtl = highest_vtl,
		.platform_type = type,
		.platform_version = IGVM_PLATFORM_VERSION,
		.shared_gpa_boundary = shared_gpa_boundary,
	};

	igvm_write_header(w, IGVM_VHT_SUPPORTED_PLATFORM, &body, sizeof(body));
}

void igvm_write_policy(struct igvm_writer *w, uint32_t mask, uint64_t policy)
{
	struct igvm_guest_policy body = {
		.policy = policy,
		.compatibility_mask = mask,
	};

	igvm_write_header(w, IGVM_VHT_GUEST_POLICY, &body, sizeof(body));
}

void igvm_write_area(struct igvm_writer *w, uint32_t index, uint64_t bytes,
		     uint32_t data)
{
	struct igvm_parameter_area body = {
		.number_of_bytes = bytes,
		.parameter_area_index = index,
		.file_offset = data,
	};

	igvm_write_header(w, IGVM_VHT_PARAMETER_AREA, &body, sizeof(body));
}

void igvm_write_usage(struct igvm_writer *w, uint32_t type, uint32_t index,
		      uint32_t byte_offset)
{
	struct igvm_parameter_usage body = {
		.parameter_area_index = index,
		.byte_offset = byte_offset,
	};

	igvm_write_header(w, type, &body, sizeof(body));
}

void igvm_write_insert(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
		       uint32_t index)
{
	struct igvm_parameter_insert body = {
		.gpa = gpa,
		.compatibility_mask = mask,
		.parameter_area_index = index,
	};

	igvm_write_header(w, IGVM_VHT_PARAMETER_INSERT, &body, sizeof(body));
}

void igvm_write_page(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
		     uint16_t data_type, uint32_t flags, uint32_t data)
{
	struct igvm_page_data body = {
		.gpa = gpa,
		.compatibility_mask = mask,
		.file_offset = data,
		.flags = flags,
		.data_type = data_type,
	};

	igvm_write_header(w, IGVM_VHT_PAGE_DATA, &body, sizeof(body));
}

void igvm_write_vp_context(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
			   uint16_t vp_index, uint32_t data)
{
	struct igvm_vp_context body = {
		.gpa = gpa,
		.compatibility_mask = mask,
		.file_offset = data,
		.vp_index = vp_index,
	};

	igvm_write_header(w, IGVM_VHT_VP_CONTEXT, &body, sizeof(body));
}

void igvm_write_required(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
			 uint32_t bytes)
{
	struct igvm_required_memory body = {
		.gpa = gpa,
		.compatibility_mask = mask,
		.number_of_bytes = bytes,
	};

	igvm_write_header(w, IGVM_VHT_REQUIRED_MEMORY, &body, sizeof(body));
}

static uint32_t fixed_size(const struct igvm_writer *w)
{
	return w->format_version == IGVM_FORMAT_VERSION_1
		       ? sizeof(struct igvm_fixed_header)
		       : sizeof(struct igvm_fixed_header_v2);
}

uint64_t igvm_write_size(const struct igvm_writer *w)
{
	return (uint64_t)fixed_size(w) + cursor_out_offset(&w->headers) +
	       cursor_out_offset(&w->data);
}

/* Where in a body its file_offset is; 0: it has none. */
static size_t reference_at(uint32_t type)
{
	switch (type) {
	case IGVM_VHT_PARAMETER_AREA:
		return offsetof(struct igvm_parameter_area, file_offset);
	case IGVM_VHT_PAGE_DATA:
		return offsetof(struct igvm_page_data, file_offset);
	case IGVM_VHT_VP_CONTEXT:
		return offsetof(struct igvm_vp_context, file_offset);
	case IGVM_VHT_CORIM_DOCUMENT:
	case IGVM_VHT_CORIM_SIGNATURE:
		return offsetof(struct igvm_corim, file_offset);
	default:
		return 0;
	}
}

/* Turns references in the headers at `section` into file offsets. */
static enum err resolve(const struct igvm_writer *w, uint8_t *section)
{
	size_t size = cursor_out_offset(&w->headers);
	size_t data_size = cursor_out_offset(&w->data);
	struct cursor c = cursor_make(section, size);

	while (cursor_left(&c)) {
		size_t at = reference_at(cursor_u32(&c));
		uint32_t length = cursor_u32(&c), value;
		uint8_t *body = section + cursor_offset(&c);

		cursor_skip(&c, length);
		cursor_align(&c, IGVM_HEADER_ALIGN);
		if (c.failed || (at && length < at + sizeof(value)))
			return ERR_FORMAT;
		if (!at)
			continue;
		memcpy(&value, body + at, sizeof(value));
		/* Not ours: it would point anywhere in the finished file. */
		if (value > data_size)
			return ERR_FORMAT;
		if (value)
			value += fixed_size(w) + (uint32_t)size - 1;
		memcpy(body + at, &value, sizeof(value));
	}
	return OK;
}

enum err igvm_write_finish(const struct igvm_writer *w, void *file,
			   uint64_t size, uint64_t *written)
{
	struct igvm_fixed_header_v2 h = { .page_size = IGVM_PAGE_SIZE };
	uint64_t total = igvm_write_size(w);
	size_t header_size = cursor_out_offset(&w->headers);
	struct cursor_out out = cursor_out_make(file, size);
	uint8_t *at = file;
	enum err e;

	if (w->error != OK)
		return w->error;
	if (w->headers.failed || w->data.failed || total > size)
		return ERR_NOMEM;
	if (total > UINT32_MAX)
		return ERR_RANGE;
	h.v1 = (struct igvm_fixed_header){
		.magic = IGVM_MAGIC,
		.format_version = w->format_version,
		.variable_header_offset = fixed_size(w),
		.variable_header_size = (uint32_t)header_size,
		.total_file_size = (uint32_t)total,
	};
	cursor_out_bytes(&out, &h, fixed_size(w));
	cursor_out_bytes(&out, w->headers.start, header_size);
	cursor_out_bytes(&out, w->data.start, cursor_out_offset(&w->data));
	e = resolve(w, at + fixed_size(w));
	if (e != OK)
		return e;
	/* Last, over all that stands before the data, itself still zero. */
	h.v1.checksum = crc32_add(0, at, fixed_size(w) + header_size);
	memcpy(at, &h, fixed_size(w));
	*written = total;
	return OK;
}

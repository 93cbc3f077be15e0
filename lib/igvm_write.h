/* SPDX-License-Identifier: MIT */
/*
 * IGVM builder into buffers of the caller, by appending. Headers and data grow
 * apart; igvm_write_finish joins them. File offsets are known only then, so
 * until it runs the file_offset fields hold data offsets + 1 (0: no data).
 * The first error sticks; it is told by igvm_write_finish.
 */
#pragma once

#include "abi/igvm.h"
#include "lib/cursor.h"

struct igvm_writer {
	uint32_t format_version;
	struct cursor_out headers; /* variable headers */
	struct cursor_out data;
	enum err error;
};

/*
 * headers and data need not be zeroed; a size of 64 bytes per header is enough
 * for all types but SNP_ID_BLOCK (704) and VBS_MEASUREMENT (872).
 */
void igvm_write_init(struct igvm_writer *w, uint32_t format_version,
		     void *headers, size_t header_size, void *data,
		     size_t data_size);

/*
 * Appends size bytes, padded with zeroes to `padded` (>= size). Returns the
 * reference for a file_offset field, never 0. Repeated content is not looked
 * for: the caller may use one reference many times.
 */
uint32_t igvm_write_data(struct igvm_writer *w, const void *bytes, size_t size,
			 size_t padded);

/* Appends one header; body is the struct of abi/igvm.h that belongs to type. */
void igvm_write_header(struct igvm_writer *w, uint32_t type, const void *body,
		       size_t size);

/* The frequent ones in words. All addresses in bytes; mask as in the file. */
void igvm_write_platform(struct igvm_writer *w, uint32_t mask, uint8_t type,
			 uint8_t highest_vtl, uint64_t shared_gpa_boundary);
void igvm_write_policy(struct igvm_writer *w, uint32_t mask, uint64_t policy);
void igvm_write_area(struct igvm_writer *w, uint32_t index, uint64_t bytes,
		     uint32_t data);
void igvm_write_usage(struct igvm_writer *w, uint32_t type, uint32_t index,
		      uint32_t byte_offset);
void igvm_write_insert(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
		       uint32_t index);
void igvm_write_page(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
		     uint16_t data_type, uint32_t flags, uint32_t data);
void igvm_write_vp_context(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
			   uint16_t vp_index, uint32_t data);
void igvm_write_required(struct igvm_writer *w, uint32_t mask, uint64_t gpa,
			 uint32_t bytes);

/* The size igvm_write_finish needs. */
uint64_t igvm_write_size(const struct igvm_writer *w);

/*
 * Writes the whole file, CRC last. ERR_NOMEM: a buffer was too small.
 * ERR_RANGE: the file would pass 4 GiB. ERR_FORMAT: a reference that
 * igvm_write_data did not give. The caller reads the file back with igvm_open,
 * which is the one place where the rules are checked.
 */
must_check enum err igvm_write_finish(const struct igvm_writer *w, void *file,
				      uint64_t size, uint64_t *written);

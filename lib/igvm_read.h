/* SPDX-License-Identifier: MIT */
/*
 * Strict reader of IGVM files, versions 1 and 2 (spec/igvm.md). igvm_open walks
 * the whole header section once; what igvm_next hands out afterwards is checked:
 * reserved fields zero, data references inside the data section, addresses
 * aligned and below PA_LIMIT, areas declared before used before inserted. The
 * bytes belong to the caller and must not change while the file is in use.
 */
#pragma once

#include "abi/igvm.h"
#include "lib/addr.h"

/* Bounds of ours; a file beyond them asks a launch for something absurd. */
#define IGVM_VP_COUNT_MAX	1024u /* vp_index of a SEV-SNP VP_CONTEXT is below */
#define IGVM_AREA_COUNT_MAX	64u
#define IGVM_AREA_BYTES_MAX	0x1000000u
#define IGVM_REQUIRED_BYTES_MAX 0x80000000ull  /* sum for one platform */
#define IGVM_LOADED_BYTES_MAX	0x100000000ull /* the same, pages and areas */

/* Why a file was refused: one line, and the file offset it is about. */
struct igvm_fault {
	uint64_t offset;
	const char *text; /* static */
};

enum igvm_area_state {
	IGVM_AREA_DECLARED,
	IGVM_AREA_INSERTED, /* dead: no use and no insert any more */
};

struct igvm_area {
	uint32_t index;
	enum igvm_area_state state;
	uint64_t size;	      /* bytes, a multiple of 4 KiB */
	uint32_t file_offset; /* initial content, 0: zeroes */
};

struct igvm_file {
	const uint8_t *bytes;
	uint64_t size;
	uint32_t format_version;
	uint32_t architecture; /* IGVM_ARCH_X64 for version 1 */
	uint32_t checksum;
	uint32_t header_offset, header_end; /* the variable headers */
	uint32_t header_count;
	uint32_t vp_context_count;
	uint64_t snp_vps[IGVM_VP_COUNT_MAX / 64]; /* bitmap of their vp_index */
	uint32_t platform_count;
	struct igvm_supported_platform platforms[IGVM_PLATFORM_COUNT];
	/* Sums for each of platforms[], in the same order. */
	uint64_t loaded_bytes[IGVM_PLATFORM_COUNT];
	uint64_t required_bytes[IGVM_PLATFORM_COUNT];
	uint32_t area_count;
	struct igvm_area areas[IGVM_AREA_COUNT_MAX];
};

/* One variable header, decoded. `type` tells which member of the union. */
struct igvm_item {
	uint32_t offset; /* of its type field, from the file's start */
	uint32_t type;	 /* IGVM_VHT_* */
	uint32_t length; /* of the body, without padding */
	bool skipped;	 /* unknown but optional: no body here */
	uint32_t mask;	 /* platforms it is for; all ones without a mask */
	/* Data it refers to, NULL for none. PAGE_DATA: one page, 4 KiB or 2 MiB;
	 * PARAMETER_AREA: the whole area; VP_CONTEXT: by platform. */
	const uint8_t *data;
	uint32_t data_size;
	/* PARAMETER_INSERT and usage records: the area; else NULL. */
	const struct igvm_area *area;
	union {
		struct igvm_supported_platform platform;
		struct igvm_guest_policy policy;
		struct igvm_relocatable_region relocatable;
		struct igvm_page_table_relocation page_table;
		struct igvm_corim corim;
		struct igvm_cca_policy cca;
		struct igvm_parameter_area parameter_area;
		struct igvm_page_data page;
		struct igvm_parameter_insert insert;
		struct igvm_vp_context vp_context;
		struct igvm_required_memory required;
		struct igvm_parameter_usage usage;
		struct igvm_snp_id_block id_block;
		struct igvm_error_range error_range;
		struct igvm_vbs_measurement vbs;
		uint8_t raw[sizeof(struct igvm_vbs_measurement)];
	};
};

struct igvm_iter {
	const struct igvm_file *file;
	uint32_t at;
};

/* OK, or ERR_FORMAT with *fault told; file is usable only after OK. */
must_check enum err igvm_open(struct igvm_file *file, const void *bytes,
			      uint64_t size, struct igvm_fault *fault);

/* The mask bit of a platform_type; ERR_ABSENT if the file has none of it. */
must_check enum err igvm_platform_mask(const struct igvm_file *file,
				       uint32_t platform_type, uint32_t *mask);

/*
 *	struct igvm_iter it = igvm_first(&file);
 *	while (igvm_next(&it, &item))
 *		if (item.mask & mask)
 *			...
 */
struct igvm_iter igvm_first(const struct igvm_file *file);
bool igvm_next(struct igvm_iter *it, struct igvm_item *item);

/* True for the records that ask the loader to write into a parameter area. */
bool igvm_type_is_usage(uint32_t type);

/* The header's name as the spec spells it, or "unknown". */
const char *igvm_type_name(uint32_t type);

/*
 * What a directive puts into guest memory: PAGE_DATA, PARAMETER_INSERT, a
 * VP_CONTEXT with an address, ERROR_RANGE. False for all others, and for
 * REQUIRED_MEMORY, which may well cover loaded pages.
 */
bool igvm_item_range(const struct igvm_item *item, struct pa_range *range);

/* Scratch for igvm_overlap_check, one for each run of adjacent pages. */
struct igvm_span {
	uint64_t start, end;
	bool vmsa; /* several VPs may share one VMSA address */
};

/*
 * Refuses a file that loads two things at one address on the platforms of mask.
 * ERR_FORMAT: it does; *fault points at the later header. ERR_NOMEM: more than
 * span_count runs; never with file->header_count spans.
 */
must_check enum err igvm_overlap_check(const struct igvm_file *file,
				       uint32_t mask, struct igvm_span *spans,
				       uint32_t span_count,
				       struct igvm_fault *fault);

/* SPDX-License-Identifier: MIT */
/*
 * The bodies of IGVM headers: one row a type, with size, mask and rules. Inside
 * of lib/igvm_read; others use that.
 */
#pragma once

#include "lib/igvm_read.h"

/* Which part of the header section a type belongs to, in file order. */
enum igvm_section {
	IGVM_SECTION_PLATFORM,
	IGVM_SECTION_INIT,
	IGVM_SECTION_DIRECTIVE,
};

struct igvm_body {
	uint32_t type;
	uint32_t length;
	int mask_at; /* offset of the mask in the body; negative: none */
	const char *name;
	/* Fills in data and area. NULL: fine, else what is wrong. */
	const char *(*check)(const struct igvm_file *file,
			     struct igvm_item *item);
};

/* NULL: an unknown type. */
const struct igvm_body *igvm_body_find(uint32_t type);
enum igvm_section igvm_body_section(uint32_t type);

/*
 * Decodes and checks item->length bytes of a known type, for which item->offset
 * is set. NULL: fine, else what is wrong.
 */
must_check const char *igvm_body_decode(const struct igvm_body *body,
					const struct igvm_file *file,
					const uint8_t *bytes,
					struct igvm_item *item);

/* SPDX-License-Identifier: MIT */
/*
 * Reader of what an OVMF image says about itself (abi/ovmf.h). Nothing of it
 * is believed: ovmf_open checks every offset and length once, copies what it
 * keeps, and reads nothing afterwards. The bytes belong to the caller.
 */
#pragma once

#include <stdbool.h>

#include "abi/ovmf.h"
#include "lib/addr.h"

#define OVMF_RECORDS_MAX 32u
/* Images are 1, 2 or 4 MiB today. */
#define OVMF_SIZE_MAX	 (16ull << 20)

struct ovmf_records {
	bool present;
	uint32_t count;
	struct ovmf_record at[OVMF_RECORDS_MAX];
};

struct ovmf_image {
	struct pa_range flash; /* where it lies: ends at 4 GiB */
	bool has_reset_block;
	uint32_t ap_reset; /* IP in 15:0, CS base in 31:16 */
	struct pa_range launch_secret, hash_table; /* empty: none */
	struct ovmf_records sev, igvm;
	bool has_tdx;
	/* File offsets count from the start of an image with its variables,
	 * which an image of code alone lacks: check them before use. */
	uint32_t tdx_count;
	struct ovmf_tdx_record tdx[OVMF_RECORDS_MAX];
};

/*
 * Sure afterwards: addresses of records do not wrap and stay below 4 GiB;
 * offsets of the IGVM block's usage records lie in its area, if it has one; no
 * table entry of a known kind came twice. Records may be empty, overlap, and
 * be of unknown types. ERR_ABSENT: an image without a table; ERR_FORMAT: a
 * broken one; *why says what, in one static line.
 */
must_check enum err ovmf_open(struct ovmf_image *image, const void *bytes,
			      uint64_t size, const char **why);

/* The only record of that type that is not empty; ERR_ABSENT: there is none,
 * ERR_EXISTS: there are several. */
must_check enum err ovmf_find(const struct ovmf_records *records, uint32_t type,
			      struct ovmf_record *out);

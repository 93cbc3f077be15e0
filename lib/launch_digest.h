/* SPDX-License-Identifier: MIT */
/*
 * The SEV-SNP launch digest, one 4 KiB page after the other (spec/snp.md
 * section 11). The hash is handed in, so that two independent ones (libcrypto in
 * tools, lib/sha384 in the emulator) witness each other.
 */
#pragma once

#include "abi/snp/launch.h"
#include "lib/addr.h"

/* SHA-384 of one buffer. */
struct hash384_ops {
	void (*sum)(const void *bytes, size_t size,
		    uint8_t digest[SNP_DIGEST_SIZE]);
};

/* lib/sha384 in that shape. */
extern const struct hash384_ops launch_digest_sha384;

struct launch_digest {
	const struct hash384_ops *hash;
	uint8_t ld[SNP_DIGEST_SIZE]; /* the digest so far */
	uint64_t pages;
};

void launch_digest_init(struct launch_digest *d,
			const struct hash384_ops *hash);

/*
 * One page of an SNP_PAGE_TYPE_*. `page` holds PAGE_4K bytes, or is NULL for a
 * page of zeroes; it is looked at for NORMAL and VMSA only. All permissions and
 * IMI_PAGE are 0, as hypervisors launch.
 * ERR_FORMAT: no such type. ERR_ALIGN, ERR_RANGE: no page starts at gpa.
 */
must_check enum err launch_digest_page(struct launch_digest *d,
				       unsigned int type, struct pa gpa,
				       const void *page);

/*
 * The same with all fields of PAGE_INFO chosen by the caller; digest_cur,
 * contents and length are filled in here.
 */
must_check enum err launch_digest_step(struct launch_digest *d,
				       struct snp_page_info *info,
				       const void *page);

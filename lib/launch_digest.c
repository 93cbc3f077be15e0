/* SPDX-License-Identifier: MIT */
/* The SEV-SNP launch digest: a chain of hashes, one link a page. */
#include "lib/launch_digest.h"

#include "lib/sha384.h"
#include "lib/str.h"

const struct hash384_ops launch_digest_sha384 = { sha384_sum };

/* SHA-384 of a page of zeroes, which saves hashing and holding one. */
static const uint8_t zero_page[SNP_DIGEST_SIZE] = {
	0xc0, 0xe5, 0x9a, 0x3e, 0x3f, 0xfb, 0xd3, 0xb5, 0xc7, 0x54, 0x28, 0xfb,
	0x36, 0x43, 0x2f, 0xac, 0xab, 0xc7, 0x45, 0x94, 0x42, 0x96, 0xff, 0x51,
	0x5f, 0x73, 0x7c, 0x4f, 0xef, 0x4e, 0xfc, 0x64, 0x58, 0x68, 0x09, 0xf7,
	0xa1, 0x6f, 0x56, 0x35, 0x4a, 0x1e, 0xae, 0xcf, 0x2a, 0xa8, 0xd7, 0x74,
};

void launch_digest_init(struct launch_digest *d, const struct hash384_ops *hash)
{
	*d = (struct launch_digest){ .hash = hash };
}

/* Only what the file itself brings is hashed; the rest is the host's. */
static enum err contents(const struct launch_digest *d, unsigned int type,
			 const void *page, uint8_t out[SNP_DIGEST_SIZE])
{
	switch (type) {
	case SNP_PAGE_TYPE_NORMAL:
	case SNP_PAGE_TYPE_VMSA:
		if (page)
			d->hash->sum(page, PAGE_4K, out);
		else
			memcpy(out, zero_page, SNP_DIGEST_SIZE);
		return OK;
	case SNP_PAGE_TYPE_ZERO:
	case SNP_PAGE_TYPE_UNMEASURED:
	case SNP_PAGE_TYPE_SECRETS:
	case SNP_PAGE_TYPE_CPUID:
		memset(out, 0, SNP_DIGEST_SIZE);
		return OK;
	default:
		return ERR_FORMAT;
	}
}

enum err launch_digest_step(struct launch_digest *d, struct snp_page_info *info,
			    const void *page)
{
	enum err e;

	if (!addr_aligned(info->gpa, PAGE_4K))
		return ERR_ALIGN;
	if (info->gpa >= PA_LIMIT)
		return ERR_RANGE;
	e = contents(d, info->page_type, page, info->contents);
	if (e != OK)
		return e;
	memcpy(info->digest_cur, d->ld, SNP_DIGEST_SIZE);
	info->length = sizeof(*info);
	d->hash->sum(info, sizeof(*info), d->ld);
	d->pages++;
	return OK;
}

enum err launch_digest_page(struct launch_digest *d, unsigned int type,
			    struct pa gpa, const void *page)
{
	struct snp_page_info info = { .gpa = gpa.v };

	if (type > SNP_PAGE_TYPE_CPUID)
		return ERR_FORMAT;
	info.page_type = (uint8_t)type;
	return launch_digest_step(d, &info, page);
}

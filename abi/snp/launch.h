/* SPDX-License-Identifier: MIT */
/*
 * SEV-SNP launch: page types, the record each launch page is hashed with, the
 * ID block and its authentication (spec/snp.md section 11).
 */
#pragma once

#include "abi/check.h"

#define SNP_DIGEST_SIZE 48u

#define SNP_PAGE_TYPE_NORMAL	 1u
#define SNP_PAGE_TYPE_VMSA	 2u
#define SNP_PAGE_TYPE_ZERO	 3u
#define SNP_PAGE_TYPE_UNMEASURED 4u
#define SNP_PAGE_TYPE_SECRETS	 5u
#define SNP_PAGE_TYPE_CPUID	 6u

/* LD(n + 1) is the SHA-384 of this; digest_cur is LD(n), LD(0) is zero. */
struct snp_page_info {
	uint8_t digest_cur[SNP_DIGEST_SIZE];
	uint8_t contents[SNP_DIGEST_SIZE]; /* zero unless NORMAL or VMSA */
	uint16_t length;
	uint8_t page_type;
	uint8_t imi_page; /* bit 0 */
	uint8_t reserved;
	uint8_t vmpl1_perms;
	uint8_t vmpl2_perms;
	uint8_t vmpl3_perms;
	uint64_t gpa;
};
ABI_SIZE(struct snp_page_info, 0x70);
ABI_AT(struct snp_page_info, contents, 0x30);
ABI_AT(struct snp_page_info, page_type, 0x62);
ABI_AT(struct snp_page_info, vmpl1_perms, 0x65);
ABI_AT(struct snp_page_info, gpa, 0x68);

/* KVM measures every VMSA at this address, whatever the file says. */
#define SNP_KVM_VMSA_GPA 0xfffffffff000ull

#define SNP_POLICY_ABI_MINOR	     0xffull
#define SNP_POLICY_ABI_MAJOR	     0xff00ull
#define SNP_POLICY_SMT		     (1ull << 16)
#define SNP_POLICY_MUST_BE_ONE	     (1ull << 17)
#define SNP_POLICY_MIGRATE_MA	     (1ull << 18)
#define SNP_POLICY_DEBUG	     (1ull << 19)
#define SNP_POLICY_SINGLE_SOCKET     (1ull << 20)
#define SNP_POLICY_CXL		     (1ull << 21)
#define SNP_POLICY_AES_256_XTS	     (1ull << 22)
#define SNP_POLICY_RAPL_DIS	     (1ull << 23)
#define SNP_POLICY_CIPHERTEXT_HIDING (1ull << 24)
#define SNP_POLICY_PAGE_SWAP_DISABLE (1ull << 25)
#define SNP_POLICY_DEFAULT	     (SNP_POLICY_MUST_BE_ONE | SNP_POLICY_SMT)

struct snp_id_block {
	uint8_t ld[SNP_DIGEST_SIZE];
	uint8_t family_id[16];
	uint8_t image_id[16];
	uint32_t version;
	uint32_t guest_svn;
	uint64_t policy;
};
ABI_SIZE(struct snp_id_block, 0x60);
ABI_AT(struct snp_id_block, policy, 0x58);

#define SNP_ID_BLOCK_VERSION	1u
#define SNP_KEY_ALGO_ECDSA_P384 1u
#define SNP_CURVE_P384		2u

/* Numbers are little endian, zero padded. */
struct snp_signature {
	uint8_t r[72];
	uint8_t s[72];
	uint8_t reserved[0x170];
};
ABI_SIZE(struct snp_signature, 0x200);

struct snp_public_key {
	uint32_t curve;
	uint8_t qx[72];
	uint8_t qy[72];
	uint8_t reserved[0x370];
};
ABI_SIZE(struct snp_public_key, 0x404);

struct snp_id_auth {
	uint32_t id_key_algo;
	uint32_t author_key_algo;
	uint8_t reserved[0x38];
	struct snp_signature id_block_sig;
	struct snp_public_key id_key;
	uint8_t reserved2[0x3c];
	struct snp_signature id_key_sig;
	struct snp_public_key author_key;
	uint8_t reserved3[0x37c];
};
ABI_SIZE(struct snp_id_auth, 0x1000);
ABI_AT(struct snp_id_auth, id_block_sig, 0x40);
ABI_AT(struct snp_id_auth, id_key, 0x240);
ABI_AT(struct snp_id_auth, id_key_sig, 0x680);
ABI_AT(struct snp_id_auth, author_key, 0x880);

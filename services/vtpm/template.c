/* SPDX-License-Identifier: MIT */
/* The templates differ in a few numbers only: a table, and one writer. */
#include "services/vtpm/template.h"

#include "services/vtpm/wire.h"

#define TPM_ALG_RSA    0x0001u
#define TPM_ALG_AES    0x0006u
#define TPM_ALG_SHA256 0x000bu
#define TPM_ALG_SHA384 0x000cu
#define TPM_ALG_NULL   0x0010u
#define TPM_ALG_ECC    0x0023u
#define TPM_ALG_CFB    0x0043u

#define TPM_ECC_NIST_P256 3u
#define TPM_ECC_NIST_P384 4u

/* fixedTPM, fixedParent, sensitiveDataOrigin, adminWithPolicy, restricted,
 * decrypt; the high range also lets a user in by authorization value. */
#define LOW_ATTRIBUTES	0x000300b2u
#define HIGH_ATTRIBUTES 0x000300f2u

/* PolicyA: "whoever has the endorsement hierarchy's authorization". */
static const uint8_t policy_a_sha256[32] = {
	0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc,
	0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52,
	0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa,
};

/* PolicyB: the same, or a policy that lies in a defined NV index. */
static const uint8_t policy_b_sha384[48] = {
	0xb2, 0x6e, 0x7d, 0x28, 0xd1, 0x1a, 0x50, 0xbc, 0x53, 0xd8, 0x82, 0xbc,
	0xf5, 0xfd, 0x3a, 0x1a, 0x07, 0x41, 0x48, 0xbb, 0x35, 0xd3, 0xb4, 0xe4,
	0xcb, 0x1c, 0x0a, 0xd9, 0xbd, 0xe4, 0x19, 0xca, 0xcb, 0x47, 0xba, 0x09,
	0x69, 0x96, 0x46, 0x15, 0x0f, 0x9f, 0xc0, 0x00, 0xf3, 0xf8, 0x0e, 0x12,
};

static const struct key {
	uint16_t type, name_alg;
	uint32_t attributes;
	const uint8_t *policy;
	uint16_t policy_size, aes_bits, curve;
	uint16_t unique_size; /* zeroes, in each field of `unique` */
} keys[VTPM_EK_COUNT] = {
	[VTPM_EK_RSA_2048] = { TPM_ALG_RSA, TPM_ALG_SHA256, LOW_ATTRIBUTES,
			       policy_a_sha256, sizeof(policy_a_sha256), 128, 0,
			       256 },
	[VTPM_EK_P256] = { TPM_ALG_ECC, TPM_ALG_SHA256, LOW_ATTRIBUTES,
			   policy_a_sha256, sizeof(policy_a_sha256), 128,
			   TPM_ECC_NIST_P256, 32 },
	[VTPM_EK_P384] = { TPM_ALG_ECC, TPM_ALG_SHA384, HIGH_ATTRIBUTES,
			   policy_b_sha384, sizeof(policy_b_sha384), 256,
			   TPM_ECC_NIST_P384, 0 },
};

static void put_zeroes(struct cursor_out *c, uint16_t size)
{
	wire_put16(c, size);
	cursor_out_take(c, size);
}

static void put_rsa(struct cursor_out *c, const struct key *k)
{
	wire_put16(c, 2048);
	wire_put32(c, 0); /* exponent: the default, 65537 */
	put_zeroes(c, k->unique_size);
}

static void put_ecc(struct cursor_out *c, const struct key *k)
{
	wire_put16(c, k->curve);
	wire_put16(c, TPM_ALG_NULL); /* key derivation */
	put_zeroes(c, k->unique_size);
	put_zeroes(c, k->unique_size);
}

void template_put(struct cursor_out *c, enum vtpm_ek which)
{
	const struct key *k = &keys[which];

	wire_put16(c, k->type);
	wire_put16(c, k->name_alg);
	wire_put32(c, k->attributes);
	wire_put16(c, k->policy_size);
	cursor_out_bytes(c, k->policy, k->policy_size);
	wire_put16(c, TPM_ALG_AES);
	wire_put16(c, k->aes_bits);
	wire_put16(c, TPM_ALG_CFB);
	wire_put16(c, TPM_ALG_NULL); /* scheme */
	if (k->type == TPM_ALG_RSA)
		put_rsa(c, k);
	else
		put_ecc(c, k);
}

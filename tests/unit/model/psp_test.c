/* SPDX-License-Identifier: MIT */
/* Launch commands: spec/snp.md 10 and 11, with its worked digest chain. */
/* test-sources: model/psp.c model/rmp.c model/rmp_guest.c model/cpuid.c */
/* test-sources: model/vmsa.c lib/launch_digest.c lib/sha384.c lib/str.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/psp.h"
#include "model/vmsa.h"

#define PAGES 1024u

static struct cpuid_values machine_read(void *ctx, uint32_t leaf, uint32_t sub)
{
	(void)ctx;
	(void)leaf;
	(void)sub;
	return (struct cpuid_values){ 0, 51, 0, 0 };
}

static const struct cpuid_machine cpuid = { machine_read, NULL };
static const struct psp_machine machine = {
	.hash = &launch_digest_sha384,
	.cpuid = &cpuid,
	.fms = 0x00a00f11,
	.abi_major = 1,
	.abi_minor = 55,
	.smt = true,
	.tsc_factor = 7,
};

static struct rmp_entry table[PAGES];
static struct rmp rmp;
static struct psp psp;
static uint8_t bytes[512 * 4096];

static struct psp_start start_of(uint64_t policy)
{
	struct psp_start s = { .policy = policy };

	memset(s.gosvw, 0x5a, sizeof(s.gosvw));
	for (unsigned i = 0; i < 4; i++)
		memset(s.vmpck[i], (int)(0x10 + i), VMPCK_SIZE);
	return s;
}

static int setup(void **state)
{
	struct psp_start s = start_of(SNP_POLICY_DEFAULT);

	(void)state;
	rmp_init(&rmp, table, PAGES);
	memset(bytes, 0, sizeof(bytes));
	psp_init(&psp, &machine);
	return (int)psp_launch_start(&psp, &s);
}

static uint32_t update(uint32_t type, uint64_t gpa)
{
	const struct psp_update u = {
		.rmp = &rmp, .at = rmp_same(gpa), .type = type, .bytes = bytes
	};

	return psp_launch_update(&psp, &u);
}

static void assert_digest(const char *hex)
{
	char got[2 * SNP_DIGEST_SIZE + 1];

	for (unsigned i = 0; i < SNP_DIGEST_SIZE; i++)
		snprintf(got + 2 * i, 3, "%02x", psp.digest.ld[i]);
	assert_string_equal(got, hex);
}

/* Section 11: the worked chain, through the commands. */
static void chain(void **state)
{
	struct psp_update vmsa = { .at = rmp_same(SNP_KVM_VMSA_GPA),
				   .type = SNP_PAGE_TYPE_VMSA };
	struct vmsa v;

	(void)state;
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0), PSP_SUCCESS);
	assert_digest("9d13634b6014bb21cf059b2dc694e7bff01a8a7137041100cd2b695f"
		      "3d10fb687267b97808b27f8f471d943bc6f53a20");
	for (unsigned i = 0; i < 4096; i++)
		bytes[i] = (uint8_t)i;
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0x1000), PSP_SUCCESS);
	assert_digest("9ad33f2ba9aeec887218fc7490658cd9fc900741e153113e292ef837"
		      "f3ad181e7138c17f5b21240aab7ebbb0ac40d79c");
	assert_int_equal(update(SNP_PAGE_TYPE_ZERO, 0x2000), PSP_SUCCESS);
	assert_digest("bb204b39d1b85e4957588823dc28882eb79786747f15ddfbec33bbba"
		      "fedb86118d772d917ed4d5acb335833285497e34");
	assert_int_equal(update(SNP_PAGE_TYPE_UNMEASURED, 0x3000), PSP_SUCCESS);
	assert_digest("bdb3472c0645cd96528ec8d70111b8af44e3c1f019a37be89ade20b2"
		      "99be45f7784fc7bd642ae9e63ac3d4df51347b64");
	assert_int_equal(update(SNP_PAGE_TYPE_SECRETS, 0x4000), PSP_SUCCESS);
	assert_digest("5c3155f43f1ba358c2555ef13e36f5806c13c231cc45d091e28e1c61"
		      "e2b6bae4fa0e75f77579cbd5504c3adbd30cd565");
	memset(bytes, 0, 4096);
	assert_int_equal(update(SNP_PAGE_TYPE_CPUID, 0x5000), PSP_SUCCESS);
	assert_digest("51f7aeb1aa8cfd892f21f3fe95b2a598756317f3101cdbdd154379dd"
		      "7f5a23a3d4e995041183f1083d69c5cd979b7c3f");
	vmsa_reset_boot(&v, 0, SEV_FEATURE_SNP, 0x00800f12, false);
	vmsa.bytes = &v;
	assert_int_equal(psp_launch_update(&psp, &vmsa), PSP_SUCCESS);
	assert_digest("714c26d6cc6f63dd2b7bf05eba0912111719fe468cfb59b854ca964f"
		      "29a3145d4cb177a10f2ded35289a9931bb84219e");
}

/* Section 11: SECRETS as the first step. */
static void chain_secrets_first(void **state)
{
	struct psp_update u = { .at = rmp_same(0x80000),
				.bytes = bytes,
				.type = SNP_PAGE_TYPE_SECRETS };

	(void)state;
	assert_int_equal(psp_launch_update(&psp, &u), PSP_SUCCESS);
	assert_digest("2ff2ac39693a0ec29d3f6552f41f54d0429314c6090e18444b0d1b62"
		      "a8f49df226b59f36b595f5892a94a30a440c4b6d");
}

/* Section 11: 2 MiB = 512 steps in ascending order. */
static void two_megabytes(void **state)
{
	struct psp_update u = { .rmp = &rmp,
				.at = rmp_same(PAGE_2M),
				.size = RMP_PG_SIZE_2M,
				.bytes = bytes,
				.type = SNP_PAGE_TYPE_NORMAL };
	uint8_t big[SNP_DIGEST_SIZE];

	for (unsigned i = 0; i < 512; i++)
		bytes[i * 4096] = (uint8_t)i;
	assert_int_equal(psp_launch_update(&psp, &u), PSP_SUCCESS);
	memcpy(big, psp.digest.ld, sizeof(big));
	assert_int_equal(psp.digest.pages, 512);
	assert_int_equal(setup(state), 0);
	u.size = RMP_PG_SIZE_4K;
	for (unsigned i = 0; i < 512; i++) {
		bytes[0] = (uint8_t)i;
		u.at = rmp_same(PAGE_2M + i * PAGE_4K);
		assert_int_equal(psp_launch_update(&psp, &u), PSP_SUCCESS);
	}
	assert_memory_equal(big, psp.digest.ld, sizeof(big));
}

/* Section 11: policy bits. */
static void policy(void **state)
{
	static const struct {
		uint64_t policy;
		uint32_t status;
	} c[] = {
		{ 0x30000, PSP_SUCCESS },
		{ 0x10000, PSP_POLICY_FAILURE }, /* bit 17 must be 1 */
		{ 0x20000, PSP_POLICY_FAILURE }, /* SMT is on here */
		{ 0x30137, PSP_SUCCESS },	 /* ABI 1.55 */
		{ 0x30138, PSP_POLICY_FAILURE },
		{ 0x30200, PSP_POLICY_FAILURE },
		{ 0x300ff, PSP_SUCCESS }, /* 0.255 is older than 1.55 */
		{ 0x30000 | SNP_POLICY_DEBUG, PSP_SUCCESS },
		{ 0x30000 | 1ull << 26, PSP_POLICY_FAILURE },
	};
	struct psp_start s;

	(void)state;
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		s = start_of(c[i].policy);
		psp_init(&psp, &machine);
		assert_int_equal(psp_launch_start(&psp, &s), c[i].status);
	}
	s = start_of(SNP_POLICY_DEFAULT);
	s.ma_en = true;
	psp_init(&psp, &machine);
	assert_int_equal(psp_launch_start(&psp, &s), PSP_INVALID_PARAM);
}

/* Commands out of turn. */
static void states(void **state)
{
	struct psp_start s = start_of(SNP_POLICY_DEFAULT);
	struct psp_finish f = { .id_block = NULL };

	(void)state;
	assert_int_equal(psp_launch_start(&psp, &s), PSP_INVALID_GUEST_STATE);
	memset(f.host_data, 0x77, sizeof(f.host_data));
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_SUCCESS);
	assert_int_equal(psp.host_data[31], 0x77);
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_INVALID_GUEST_STATE);
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0),
			 PSP_INVALID_GUEST_STATE);
	psp_init(&psp, &machine);
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0),
			 PSP_INVALID_GUEST_STATE);
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_INVALID_GUEST_STATE);
}

/* What a bad LAUNCH_UPDATE answers; nothing is measured by it. */
static void update_refused(void **state)
{
	struct psp_update u = { .rmp = &rmp,
				.bytes = bytes,
				.type = SNP_PAGE_TYPE_NORMAL };
	struct psp before = psp;

	(void)state;
	assert_int_equal(update(0, 0), PSP_INVALID_PARAM);
	assert_int_equal(update(7, 0), PSP_INVALID_PARAM);
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0x800),
			 PSP_INVALID_ADDRESS);
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, PAGES * PAGE_4K),
			 PSP_INVALID_ADDRESS);
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, ~0ull << 12),
			 PSP_INVALID_ADDRESS);
	u.perms[1] = 0x20;
	assert_int_equal(psp_launch_update(&psp, &u), PSP_INVALID_PARAM);
	u.perms[1] = 0;
	u.imi_page = true;
	assert_int_equal(psp_launch_update(&psp, &u), PSP_INVALID_PARAM);
	u.imi_page = false;
	u.size = 2;
	assert_int_equal(psp_launch_update(&psp, &u), PSP_INVALID_PAGE_SIZE);
	u.size = RMP_PG_SIZE_2M;
	for (uint32_t type = SNP_PAGE_TYPE_VMSA; type <= SNP_PAGE_TYPE_CPUID;
	     type++) {
		bool big = type == SNP_PAGE_TYPE_ZERO ||
			   type == SNP_PAGE_TYPE_UNMEASURED;

		u.type = type;
		u.at = rmp_same(PAGE_4K);
		assert_int_equal(psp_launch_update(&psp, &u),
				 big ? PSP_INVALID_ADDRESS
				     : PSP_INVALID_PAGE_SIZE);
	}
	rmp_assign(&rmp, rmp_same(PAGE_2M + 5 * PAGE_4K), 0);
	u.type = SNP_PAGE_TYPE_NORMAL;
	u.at = rmp_same(PAGE_2M);
	assert_int_equal(psp_launch_update(&psp, &u), PSP_INVALID_PAGE_STATE);
	assert_memory_equal(&before, &psp, sizeof(psp));
	assert_false(rmp_is_private(&rmp, PAGE_2M));
}

/* Section 11: contents and RMP state per type; section 2: validated. */
static void page_states(void **state)
{
	static const struct {
		uint32_t type;
		bool kept;
	} c[] = {
		{ SNP_PAGE_TYPE_NORMAL, true },
		{ SNP_PAGE_TYPE_VMSA, true },
		{ SNP_PAGE_TYPE_ZERO, false },
		{ SNP_PAGE_TYPE_UNMEASURED, true },
		{ SNP_PAGE_TYPE_SECRETS, false },
	};

	(void)state;
	for (uint32_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		uint64_t gpa = (i + 1) * PAGE_4K;

		memset(bytes, 0xee, 4096);
		assert_int_equal(update(c[i].type, gpa), PSP_SUCCESS);
		assert_int_equal(bytes[4095] == 0xee, c[i].kept);
		assert_int_equal(rmp_check(&rmp, 0, rmp_same(gpa), RMP_CBIT),
				 RMP_OK);
		assert_int_equal(!!(rmp_look(&rmp, gpa)->bits & RMP_VMSA),
				 c[i].type == SNP_PAGE_TYPE_VMSA);
	}
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, PAGE_4K),
			 PSP_INVALID_PAGE_STATE);
}

/* Section 11: VMPL1-3 permissions are measured and set. */
static void permissions(void **state)
{
	struct psp_update u = { .rmp = &rmp,
				.bytes = bytes,
				.type = SNP_PAGE_TYPE_NORMAL,
				.perms = { 1, 3, 15 } };
	uint8_t plain[SNP_DIGEST_SIZE];

	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0), PSP_SUCCESS);
	memcpy(plain, psp.digest.ld, sizeof(plain));
	setup(state);
	assert_int_equal(psp_launch_update(&psp, &u), PSP_SUCCESS);
	assert_memory_not_equal(plain, psp.digest.ld, sizeof(plain));
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(rmp_perms(rmp_look(&rmp, 0), i + 1),
				 u.perms[i]);
}

/* Section 10: what the firmware fills, and what stays zero. */
static void secrets(void **state)
{
	const struct snp_secrets *s = (const void *)bytes;

	(void)state;
	memset(bytes, 0xee, 4096);
	assert_int_equal(update(SNP_PAGE_TYPE_SECRETS, 0), PSP_SUCCESS);
	assert_int_equal(s->version, 3);
	assert_int_equal(s->flags, 0);
	assert_int_equal(s->fms, 0x00a00f11);
	assert_int_equal(s->gosvw[15], 0x5a);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned k = 0; k < VMPCK_SIZE; k++)
			assert_int_equal(s->vmpck[i][k], 0x10 + i);
	for (unsigned at = 0xa0; at < 0xe0; at++)
		assert_int_equal(bytes[at], 0);
	for (unsigned at = 0x140; at < 0x160; at++)
		assert_int_equal(bytes[at], 0);
	assert_int_equal(s->tsc_factor, 7);
}

/* Section 9: a page beyond the machine comes back rewritten; retry works. */
static void cpuid_page(void **state)
{
	struct snp_cpuid_page *page = (void *)bytes;

	(void)state;
	page->count = 1;
	page->fn[0].eax_in = 0x8000001f;
	page->fn[0].ebx = 47; /* a false C-bit */
	assert_int_equal(update(SNP_PAGE_TYPE_CPUID, 0), PSP_INVALID_PARAM);
	assert_int_equal(psp.digest.pages, 0);
	assert_false(rmp_is_private(&rmp, 0));
	assert_int_equal(page->fn[0].ebx, 51);
	assert_int_equal(update(SNP_PAGE_TYPE_CPUID, 0), PSP_SUCCESS);
	page->count = 65;
	assert_int_equal(update(SNP_PAGE_TYPE_CPUID, 0x1000),
			 PSP_INVALID_PARAM);
}

/* Section 11: the ID block. */
static void id_block(void **state)
{
	struct snp_id_block b = { .version = 1,
				  .guest_svn = 4,
				  .policy = SNP_POLICY_DEFAULT };
	struct psp_finish f = { .id_block = &b, .id_signature_ok = true };

	(void)state;
	assert_int_equal(update(SNP_PAGE_TYPE_NORMAL, 0), PSP_SUCCESS);
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_BAD_MEASUREMENT);
	memcpy(b.ld, psp.digest.ld, sizeof(b.ld));
	b.image_id[3] = 9;
	b.version = 2;
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_BAD_VERSION);
	b.version = 1;
	b.policy |= SNP_POLICY_DEBUG;
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_POLICY_FAILURE);
	b.policy = SNP_POLICY_DEFAULT;
	f.id_signature_ok = false;
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_BAD_SIGNATURE);
	f.id_signature_ok = true;
	f.author_key_en = true;
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_BAD_SIGNATURE);
	assert_false(psp.id_block_en);
	f.author_signature_ok = true;
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_SUCCESS);
	assert_true(psp.id_block_en && psp.author_key_en);
	assert_int_equal(psp.guest_svn, 4);
	assert_int_equal(psp.image_id[3], 9);
	assert_int_equal(psp.state, PSP_RUNNING);
}

static void author_key_without_block(void **state)
{
	struct psp_finish f = { .author_key_en = true };

	(void)state;
	assert_int_equal(psp_launch_finish(&psp, &f), PSP_INVALID_PARAM);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(chain),	  T(chain_secrets_first),
		T(two_megabytes), T(policy),
		T(states),	  T(update_refused),
		T(page_states),	  T(permissions),
		T(secrets),	  T(cpuid_page),
		T(id_block),	  T(author_key_without_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

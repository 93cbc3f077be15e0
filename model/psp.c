/* SPDX-License-Identifier: MIT */
/* The security processor at launch, spec/snp.md 10 and 11. */
#include "model/psp.h"
#include "lib/bits.h"
#include "lib/str.h"

#define SECRETS_VERSION 3u /* with TSC_FACTOR */
#define POLICY_KNOWN	MASK(25, 0)
#define PAGES_2M	512u

void psp_init(struct psp *psp, const struct psp_machine *machine)
{
	memset(psp, 0, sizeof(*psp));
	psp->machine = machine;
}

static bool abi_is_served(const struct psp_machine *m, uint64_t policy)
{
	uint64_t major = FIELD_GET(SNP_POLICY_ABI_MAJOR, policy);
	uint64_t minor = FIELD_GET(SNP_POLICY_ABI_MINOR, policy);

	if (major != m->abi_major)
		return major < m->abi_major;
	return minor <= m->abi_minor;
}

static bool policy_is_met(const struct psp_machine *m, uint64_t policy)
{
	if (!(policy & SNP_POLICY_MUST_BE_ONE) || (policy & ~POLICY_KNOWN))
		return false;
	if (m->smt && !(policy & SNP_POLICY_SMT))
		return false;
	return abi_is_served(m, policy);
}

uint32_t psp_launch_start(struct psp *psp, const struct psp_start *start)
{
	if (psp->state != PSP_INIT)
		return PSP_INVALID_GUEST_STATE;
	if (!policy_is_met(psp->machine, start->policy))
		return PSP_POLICY_FAILURE;
	if (start->ma_en)
		return PSP_INVALID_PARAM;
	psp->policy = start->policy;
	psp->imi_en = start->imi_en;
	memcpy(psp->gosvw, start->gosvw, sizeof(psp->gosvw));
	memcpy(psp->vmpck, start->vmpck, sizeof(psp->vmpck));
	launch_digest_init(&psp->digest, psp->machine->hash);
	psp->state = PSP_LAUNCH;
	return PSP_SUCCESS;
}

void psp_secrets_fill(const struct psp *psp, struct snp_secrets *page)
{
	memset(page, 0, sizeof(*page));
	page->version = SECRETS_VERSION;
	page->flags = psp->imi_en;
	page->fms = psp->machine->fms;
	memcpy(page->gosvw, psp->gosvw, sizeof(page->gosvw));
	memcpy(page->vmpck, psp->vmpck, sizeof(page->vmpck));
	page->tsc_factor = psp->machine->tsc_factor;
}

static bool type_may_be_2m(uint32_t type)
{
	return type == SNP_PAGE_TYPE_NORMAL || type == SNP_PAGE_TYPE_ZERO ||
	       type == SNP_PAGE_TYPE_UNMEASURED;
}

static uint32_t update_pages(const struct psp_update *u)
{
	return u->size == RMP_PG_SIZE_2M ? PAGES_2M : 1;
}

static uint32_t place_check(const struct psp_update *u)
{
	uint64_t bytes = update_pages(u) * PAGE_4K;

	if (!addr_aligned(u->at.gpa | u->at.spa, bytes))
		return PSP_INVALID_ADDRESS;
	if (u->at.gpa >= PA_LIMIT)
		return PSP_INVALID_ADDRESS;
	if (!u->rmp)
		return PSP_SUCCESS;
	if (u->at.gpa >> PAGE_SHIFT_4K > UINT32_MAX - 2 * PAGES_2M ||
	    !rmp_look(u->rmp, u->at.spa + bytes - PAGE_4K))
		return PSP_INVALID_ADDRESS;
	for (uint32_t i = 0; i < update_pages(u); i++)
		if (rmp_is_private(u->rmp, u->at.spa + i * PAGE_4K))
			return PSP_INVALID_PAGE_STATE;
	return PSP_SUCCESS;
}

static uint32_t update_check(const struct psp *psp, const struct psp_update *u)
{
	uint32_t perms = u->perms[0] | u->perms[1] | u->perms[2];

	if (psp->state != PSP_LAUNCH)
		return PSP_INVALID_GUEST_STATE;
	if (u->type < SNP_PAGE_TYPE_NORMAL || u->type > SNP_PAGE_TYPE_CPUID)
		return PSP_INVALID_PARAM;
	if (perms & ~RMP_PERM_MASK)
		return PSP_INVALID_PARAM;
	/* an initial migration image must have been announced at start */
	if (u->imi_page && !psp->imi_en)
		return PSP_INVALID_PARAM;
	if (u->size > RMP_PG_SIZE_2M ||
	    (u->size == RMP_PG_SIZE_2M && !type_may_be_2m(u->type)))
		return PSP_INVALID_PAGE_SIZE;
	return place_check(u);
}

static uint32_t cpuid_check(const struct psp *psp, void *page)
{
	uint32_t where;

	if (!psp->machine->cpuid)
		return PSP_SUCCESS;
	if (cpuid_page_filter(page, psp->machine->cpuid, &where) != CPUID_FITS)
		return PSP_INVALID_PARAM;
	return PSP_SUCCESS;
}

static uint32_t measure(struct psp *psp, const struct psp_update *u,
			uint64_t gpa, const void *page)
{
	struct snp_page_info info = {
		.page_type = (uint8_t)u->type,
		.imi_page = u->imi_page,
		.vmpl1_perms = u->perms[0],
		.vmpl2_perms = u->perms[1],
		.vmpl3_perms = u->perms[2],
		.gpa = gpa,
	};

	if (launch_digest_step(&psp->digest, &info, page) != OK)
		return PSP_INVALID_PARAM;
	return PSP_SUCCESS;
}

/* One page; every reason to refuse it was looked at before. */
static uint32_t load_page(struct psp *psp, const struct psp_update *u,
			  uint32_t i)
{
	struct rmp_at at = { u->at.gpa + i * PAGE_4K, u->at.spa + i * PAGE_4K };
	uint8_t *page = (uint8_t *)u->bytes + i * PAGE_4K;
	bool vmsa = u->type == SNP_PAGE_TYPE_VMSA;
	uint32_t rc = measure(psp, u, at.gpa, page);

	if (rc != PSP_SUCCESS)
		return rc;
	if (u->type == SNP_PAGE_TYPE_ZERO)
		memset(page, 0, PAGE_4K);
	else if (u->type == SNP_PAGE_TYPE_SECRETS)
		psp_secrets_fill(psp, (struct snp_secrets *)page);
	if (u->rmp && rmp_launch_page(u->rmp, at, vmsa, u->perms))
		return PSP_INVALID_PAGE_STATE;
	return PSP_SUCCESS;
}

uint32_t psp_launch_update(struct psp *psp, const struct psp_update *update)
{
	uint32_t rc = update_check(psp, update);

	if (rc == PSP_SUCCESS && update->type == SNP_PAGE_TYPE_CPUID)
		rc = cpuid_check(psp, update->bytes);
	for (uint32_t i = 0; i < update_pages(update) && !rc; i++)
		rc = load_page(psp, update, i);
	return rc;
}

static uint32_t id_block_check(const struct psp *psp,
			       const struct psp_finish *f)
{
	const struct snp_id_block *b = f->id_block;

	if (b->version != SNP_ID_BLOCK_VERSION)
		return PSP_BAD_VERSION;
	if (!f->id_signature_ok ||
	    (f->author_key_en && !f->author_signature_ok))
		return PSP_BAD_SIGNATURE;
	if (memcmp(b->ld, psp->digest.ld, SNP_DIGEST_SIZE) != 0)
		return PSP_BAD_MEASUREMENT;
	if (b->policy != psp->policy)
		return PSP_POLICY_FAILURE;
	return PSP_SUCCESS;
}

static void id_block_keep(struct psp *psp, const struct psp_finish *f)
{
	memcpy(psp->family_id, f->id_block->family_id, sizeof(psp->family_id));
	memcpy(psp->image_id, f->id_block->image_id, sizeof(psp->image_id));
	psp->guest_svn = f->id_block->guest_svn;
	psp->author_key_en = f->author_key_en;
	psp->id_block_en = true;
}

uint32_t psp_launch_finish(struct psp *psp, const struct psp_finish *finish)
{
	uint32_t rc;

	if (psp->state != PSP_LAUNCH)
		return PSP_INVALID_GUEST_STATE;
	/* an author key signs an ID key: without a block there is none */
	if (!finish->id_block && finish->author_key_en)
		return PSP_INVALID_PARAM;
	if (finish->id_block) {
		rc = id_block_check(psp, finish);
		if (rc != PSP_SUCCESS)
			return rc;
		id_block_keep(psp, finish);
	}
	memcpy(psp->host_data, finish->host_data, sizeof(psp->host_data));
	psp->state = PSP_RUNNING;
	return PSP_SUCCESS;
}

/* SPDX-License-Identifier: MIT */
/* CREATE_VCPU, DELETE_VCPU, REMAP_CA with pages of regions that had no
 * single page recorded before. */
#include "tests/guest/oom/oom.h"

#define PAGE_IN(place) ((place) + 4096) /* no VMSA begins a 2 MiB page */

static void create_prepare(const struct trial *t)
{
	page_prepare(t->at[0], true);
	page_prepare(t->at[1], true);
	vmsa_fill((struct vmsa *)PAGE_IN(t->at[0]), 0, 0);
}

static uint32_t create_on(const struct trial *t, uint32_t apic_id)
{
	return vcpu_create(PAGE_IN(t->at[0]), PAGE_IN(t->at[1]), apic_id);
}

static uint32_t own_call(const struct trial *t, bool again)
{
	(void)again;
	return create_on(t, 0);
}

static uint32_t other_call(const struct trial *t, bool again)
{
	(void)again;
	return create_on(t, t->apic_id);
}

static uint32_t delete_call(const struct trial *t, bool again)
{
	(void)again;
	return svsm_call1(SVSM_CORE_DELETE_VCPU, PAGE_IN(t->at[0]));
}

static void create_undo(const struct trial *t)
{
	uint8_t byte = 0;

	check_equal("vCPU deleted", delete_call(t, false), SVSM_SUCCESS);
	check_equal("its page is ours again",
		    probe_write((void *)PAGE_IN(t->at[0]), byte), 0);
	vmsa_fill((struct vmsa *)PAGE_IN(t->at[0]), 0, 0);
}

const struct scenario vcpu_create_own = {
	"create-vcpu-own", 2, create_prepare, own_call, create_undo, NULL,
};

const struct scenario vcpu_create_other = {
	"create-vcpu-last", 2, create_prepare, other_call, create_undo, NULL,
};

static void delete_undo(const struct trial *t)
{
	vmsa_fill((struct vmsa *)PAGE_IN(t->at[0]), 0, 0);
	check_equal("vCPU created again", create_on(t, 0), SVSM_SUCCESS);
}

static void delete_prepare(const struct trial *t)
{
	create_prepare(t);
	check_equal("vCPU to delete", create_on(t, 0), SVSM_SUCCESS);
}

const struct scenario vcpu_delete = {
	"delete-vcpu", 2, delete_prepare, delete_call, delete_undo, create_undo,
};

static volatile struct svsm_ca *first;

static void remap_prepare(const struct trial *t)
{
	first = guest_vcpu[0].ca;
	page_prepare(t->at[0], true);
}

static uint32_t remap_to(uint64_t gpa)
{
	uint32_t r = svsm_call1(SVSM_CORE_REMAP_CA, gpa);

	if (r == SVSM_SUCCESS)
		guest_vcpu[0].ca = (volatile struct svsm_ca *)gpa;
	return r;
}

static uint32_t remap_call(const struct trial *t, bool again)
{
	(void)again;
	return remap_to(PAGE_IN(t->at[0]));
}

static void remap_undo(const struct trial *t)
{
	(void)t;
	check_equal("back to the first area", remap_to((uint64_t)first),
		    SVSM_SUCCESS);
}

const struct scenario area_remap = {
	"remap-ca", 1, remap_prepare, remap_call, remap_undo, NULL,
};

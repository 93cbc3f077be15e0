/* SPDX-License-Identifier: MIT */
/* CREATE_VCPU and DELETE_VCPU: contents, addresses, states. */
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "tests/guest/core/core.h"

/* The VMSA that these tests spoil; not on a 2 MiB boundary. */
static struct vmsa spoiled __attribute__((aligned(4096)));
static uint8_t area[4096] __attribute__((aligned(4096)));

static void create_refused(const char *why, uint64_t vmsa, uint64_t ca,
			   uint32_t apic_id, uint64_t want)
{
	uint8_t byte;

	check_equal(why, vcpu_create(vmsa, ca, apic_id), want);
	/* Whatever was wrong, the page must be the guest's again. */
	check_equal("page given back", probe_read(&spoiled, &byte), 0);
	check_equal("and writable", probe_write(&spoiled, byte), 0);
}

static void test_addresses(void)
{
	uint64_t v = (uint64_t)&spoiled, ca = (uint64_t)area;

	vmsa_fill(&spoiled, 0, 0);
	create_refused("VMSA misaligned", v + 8, ca, 0,
		       ERR(SVSM_ERR_INVALID_PARAMETER));
	create_refused("area misaligned", v, ca + 8, 0,
		       ERR(SVSM_ERR_INVALID_PARAMETER));
	create_refused("VMSA in the SVSM", secrets->svsm_base, ca, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("area in the SVSM", v, secrets->svsm_base, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("VMSA outside memory", NO_RAM, ca, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("area outside memory", v, NO_RAM, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("one page for both", v, v, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("area in use", v, secrets->svsm_caa, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("VMSA is an area in use", secrets->svsm_caa, ca, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
	create_refused("VMSA not validated", SCRATCH, ca, 0,
		       ERR(SVSM_ERR_INVALID_ADDRESS));
}

static void test_contents(void)
{
	uint64_t v = (uint64_t)&spoiled, ca = (uint64_t)area;
	uint64_t bad = ERR(SVSM_ERR_INVALID_PARAMETER);
	unsigned int vmpl;

	for (vmpl = 0; vmpl < 5; vmpl++) {
		vmsa_fill(&spoiled, 0, 0);
		if (vmpl == secrets->svsm_guest_vmpl)
			continue;
		spoiled.vmpl = (uint8_t)vmpl;
		create_refused("foreign VMPL", v, ca, 0, bad);
	}
	vmsa_fill(&spoiled, 0, 0);
	spoiled.efer &= ~(uint64_t)EFER_SVME;
	create_refused("SVME clear", v, ca, 0, bad);
	vmsa_fill(&spoiled, 0, 0);
	spoiled.sev_features |= SEV_FEATURE_RESTRICTED_INJ;
	create_refused("restricted injection", v, ca, 0, bad);
	vmsa_fill(&spoiled, 0, 0);
	spoiled.sev_features = 0;
	create_refused("no SNP", v, ca, 0, bad);
	vmsa_fill(&spoiled, 0, 0);
	create_refused("unknown APIC id", v, ca, 4000, bad);
}

static void test_life(void)
{
	uint64_t v = (uint64_t)&spoiled, ca = (uint64_t)area;
	uint8_t byte;

	vmsa_fill(&spoiled, 0, 0);
	/* A second VMSA for the boot vCPU may live beside the first. */
	check_equal("create", vcpu_create(v, ca, 0), SVSM_SUCCESS);
	check_equal("create twice", vcpu_create(v, ca, 0),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("rescind a VMSA",
		    pvalidate_raw(pvalidate_entry(v, false, false, true)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("rescind its area",
		    pvalidate_raw(pvalidate_entry(ca, false, false, true)),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("remap onto its area", svsm_call1(SVSM_CORE_REMAP_CA, ca),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("remap onto a VMSA", svsm_call1(SVSM_CORE_REMAP_CA, v),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("list in a VMSA", svsm_call1(SVSM_CORE_PVALIDATE, v),
		    ERR(SVSM_ERR_INVALID_ADDRESS));
	check_equal("delete", svsm_call1(SVSM_CORE_DELETE_VCPU, v),
		    SVSM_SUCCESS);
	check_equal("delete twice", svsm_call1(SVSM_CORE_DELETE_VCPU, v),
		    ERR(SVSM_ERR_INVALID_PARAMETER));
	check_equal("page given back", probe_write(&spoiled, 0), 0);
	check_equal("readable too", probe_read(&spoiled, &byte), 0);
}

static void test_delete_refused(void)
{
	uint64_t bad = ERR(SVSM_ERR_INVALID_PARAMETER);

	check_equal("delete what is no VMSA",
		    svsm_call1(SVSM_CORE_DELETE_VCPU, (uint64_t)area), bad);
	check_equal("delete misaligned",
		    svsm_call1(SVSM_CORE_DELETE_VCPU, (uint64_t)area + 8), bad);
	check_equal("delete in the SVSM",
		    svsm_call1(SVSM_CORE_DELETE_VCPU, secrets->svsm_base), bad);
}

void test_vcpu(void)
{
	test_addresses();
	test_contents();
	test_life();
	test_delete_refused();
}

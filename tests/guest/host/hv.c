/* SPDX-License-Identifier: MIT */
/*
 * Restricted injection: vCPU 1 runs at VMPL0 with a doorbell page and gets #HV
 * for what vCPU 0 sends it; no vector may get lost, none come twice.
 */
#include "tests/guest/host/host.h"

#include "abi/snp/doorbell.h"
#include "abi/snp/ghcb_msr.h"
#include "abi/snp/rmp.h"
#include "abi/x86/apic.h"
#include "abi/x86/desc.h"
#include "abi/x86/msr.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "hw/snp.h"
#include "lib/str.h"
#include "tests/guest/svsm.h"

#define FEATURES (SEV_FEATURE_SNP | SEV_FEATURE_RESTRICTED_INJ)
#define VECTORS	 40u
#define FIRST	 0x50u
#define PATIENCE 400000000ull
#define TIMER	 0x48u

extern const uint8_t hv_stub[], hv_ap_start[];
void hv_handler(void);
void hv_ap_main(void);

static struct ghcb ap_ghcb __attribute__((aligned(4096)));
static struct snp_doorbell bell __attribute__((aligned(4096)));
static struct vmsa ap_vmsa[2] __attribute__((aligned(4096)));
static uint8_t stack[8192] __attribute__((aligned(16)));
static struct idt_gate idt[32] __attribute__((aligned(16)));
static volatile uint32_t ready, ticked, taken[256], nmis, failed;

static void ap_event_rax(uint64_t code, uint64_t info1, uint64_t info2,
			 uint64_t rcx, uint64_t rax)
{
	static const unsigned long bits[] = {
		GHCB_BIT(rax),		GHCB_BIT(rcx),
		GHCB_BIT(rdx),		GHCB_BIT(sw_exitcode),
		GHCB_BIT(sw_exitinfo1), GHCB_BIT(sw_exitinfo2),
	};

	memset(ap_ghcb.valid_bitmap, 0, sizeof(ap_ghcb.valid_bitmap));
	for (unsigned int i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		ap_ghcb.valid_bitmap[bits[i] / 8] |=
			(uint8_t)(1u << bits[i] % 8);
	ap_ghcb.rax = rax;
	ap_ghcb.rdx = 0;
	ap_ghcb.rcx = rcx;
	ap_ghcb.sw_exitcode = code;
	ap_ghcb.sw_exitinfo1 = info1;
	ap_ghcb.sw_exitinfo2 = info2;
	ap_ghcb.protocol_version = 2;
	hw_wrmsr(MSR_GHCB, (uint64_t)&ap_ghcb);
	hw_vmgexit();
	if ((uint32_t)ap_ghcb.sw_exitinfo1 != GHCB_RESULT_OK)
		failed++;
}

static void ap_event(uint64_t code, uint64_t info1, uint64_t info2,
		     uint64_t rcx)
{
	ap_event_rax(code, info1, info2, rcx, 0);
}

/* The protocol of the doorbell page: signal flag first, then what is there. */
static void drain(void)
{
	uint8_t vector;

	__atomic_and_fetch(&bell.flags, (uint8_t)~DOORBELL_NO_FURTHER_SIGNAL,
			   __ATOMIC_SEQ_CST);
	if (__atomic_fetch_and(&bell.flags, (uint8_t)~DOORBELL_NMI,
			       __ATOMIC_SEQ_CST) &
	    DOORBELL_NMI)
		nmis++;
	for (;;) {
		vector = __atomic_exchange_n(&bell.vector, 0, __ATOMIC_SEQ_CST);
		if (!vector)
			return;
		taken[vector]++;
		if (!__atomic_exchange_n(&bell.no_eoi_required, 0,
					 __ATOMIC_SEQ_CST))
			ap_event(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_EOI);
	}
}

/*
 * #HV is no interrupt: the next one may come while this one uses the GHCB. It
 * only leaves a note then.
 */
void hv_handler(void)
{
	static volatile bool busy, again;

	again = true;
	if (busy)
		return;
	while (again) {
		busy = true;
		again = false;
		drain();
		busy = false;
	}
}

void hv_ap_main(void)
{
	struct desc_ptr d = { sizeof(idt) - 1, (uint64_t)idt };

	hw_lidt(&d);
	ghcb_msr_call((uint64_t)&ap_ghcb | GHCB_MSR_REG_GPA_REQ);
	ap_event(GHCB_NAE_HV_DOORBELL, DOORBELL_SET, (uint64_t)&bell, 0);
	ready = 1;
	/* One tick of its own timer, as #HV; then periodic ones, until off. */
	ap_event_rax(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_SVR, 0x1ff);
	ap_event_rax(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_LVTT, TIMER);
	ap_event_rax(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_TMICT, 2000000);
	while (!taken[TIMER])
		hw_pause();
	ap_event_rax(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_LVTT,
		     LVT_PERIODIC | (TIMER + 1));
	ap_event_rax(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_TMICT, 2000000);
	while (taken[TIMER + 1] < 5)
		hw_pause();
	ap_event_rax(GHCB_NAE_MSR, 1, 0, MSR_X2APIC_TMICT, 0);
	ticked = 1;
}

static void share(void *page)
{
	check_true("shared page",
		   page_state_set((uint64_t)page, PSC_OP_SHARED));
	page_map((uint64_t)page, false);
	memset(page, 0, 4096);
}

/* Not the 2 MiB-aligned one of the two. */
static struct vmsa *vmsa_page(void)
{
	return (uint64_t)ap_vmsa % 0x200000 ? ap_vmsa : ap_vmsa + 1;
}

static bool start(void)
{
	struct vmsa *vmsa = vmsa_page();
	uint64_t at = (uint64_t)hv_stub;
	struct host_call c = { .code = GHCB_NAE_AP_CREATION,
			       .info1 = 1ull << AP_APIC_ID_SHIFT | AP_CREATE,
			       .info2 = (uint64_t)vmsa,
			       .rax = FEATURES,
			       .give = GIVE_CALL | GIVE_RAX };

	idt[TRAP_HV] = (struct idt_gate){
		.offset_low = (uint16_t)at,
		.selector = LINUX_BOOT_CS,
		.type = GATE_INTERRUPT,
		.offset_mid = (uint16_t)(at >> 16),
		.offset_high = (uint32_t)(at >> 32),
	};
	vmsa_fill(vmsa, 1, (uint64_t)(stack + sizeof(stack)));
	vmsa->rip = (uint64_t)hv_ap_start;
	vmsa->vmpl = 0;
	vmsa->sev_features = FEATURES;
	vmsa->cr3 = hw_cr3_read();
	if (hw_rmpadjust((uint64_t)vmsa, RMP_PG_SIZE_4K, 1 | RMPADJUST_VMSA) !=
	    SNP_SUCCESS)
		return false;
	host_ok("vCPU 1 created", &c);
	return true;
}

static bool wait_for(const volatile uint32_t *value, uint32_t want)
{
	uint64_t end = hw_rdtsc() + PATIENCE * 16;

	while (*value != want)
		if (hw_rdtsc() > end)
			return false;
	return true;
}

static void ipi(uint64_t icr)
{
	struct host_call c = { .code = GHCB_NAE_HV_IPI,
			       .info1 = 1ull << 32 | icr,
			       .give = GIVE_CALL };

	host_ok("IPI", &c);
}

static void test_vectors(void)
{
	check_true("#HV for its timer", wait_for(&ticked, 1));
	check_equal("one tick of a one-shot timer", taken[TIMER], 1);
	/* One by one, while it sleeps; then as fast as they go. */
	for (uint32_t v = FIRST; v < FIRST + 4; v++) {
		ipi(v);
		check_true("#HV for a vector", wait_for(&taken[v], 1));
	}
	for (uint32_t v = FIRST + 4; v < FIRST + VECTORS; v++)
		ipi(v);
	for (uint32_t v = FIRST + 4; v < FIRST + VECTORS; v++)
		check_true("#HV for a vector", wait_for(&taken[v], 1));
	ipi(ICR_NMI);
	check_true("#HV for an NMI", wait_for(&nmis, 1));
	ipi(0x1e);
	ipi(ICR_INIT | 0x99);
	check_equal("no vector twice", taken[FIRST + 4], 1);
	check_equal("no exception as a vector", taken[0x1e], 0);
	check_equal("no INIT as a vector", taken[0x99], 0);
	check_equal("events of vCPU 1", failed, 0);
}

void test_hv(void)
{
	share(&ap_ghcb);
	share(&bell);
	if (!start()) {
		check_true("VMSA page made", false);
		return;
	}
	check_true("vCPU 1 runs", wait_for(&ready, 1));
	if (ready)
		test_vectors();
}

/* SPDX-License-Identifier: MIT */
/* The platform table of SEV-SNP, and what each CPU sets up for it. */
#include "kernel/snp/snp.h"

#include "abi/boot/launch.h"
#include "abi/boot/params.h"
#include "abi/snp/secrets.h"
#include "abi/snp/vmsa.h"
#include "abi/x86/cpuid.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/cpu/features.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/shared.h"
#include "kernel/snp/ap.h"
#include "kernel/snp/console.h"
#include "kernel/snp/link.h"
#include "kernel/snp/pages.h"
#include "kernel/snp/timer.h"
#include "kernel/snp/vc.h"
#include "lib/str.h"

#define CPUID_EDX 3u

static sealed struct snp_secrets *secrets;

static void snp_init_early(const struct boot_launch *boot)
{
	const struct params *params = kmap_image((struct pa){ boot->params });
	uint64_t needed = HV_FEATURE_SNP;

	if (!(boot->sev_status & SEV_FEATURE_SNP << 2))
		ghcb_msr_terminate(TERM_SET_GENERAL, TERM_SNP_FEATURES);
	if (params->guest_vmpl)
		needed |= HV_FEATURE_AP_CREATION | HV_FEATURE_MULTI_VMPL;
	ghcb_msr_negotiate(needed);
	secrets = kmap_image((struct pa){ params->secrets_page });
	pages_init(params->guest_vmpl);
}

/* On every CPU: its GHCB page, which another CPU took for it; but not for the
 * first one, which programs the console, too. */
static void snp_init_late(void)
{
	struct percpu *cpu = percpu_this();
	void *va = percpu_page(cpu->index, CPU_PAGE_GHCB);
	enum err e = cpu->index == 0 ? link_take(cpu) : OK;
	struct pa pa = { cpu->ghcb_pa };

	if (e == ERR_NOMEM)
		panic_memory("the GHCB of CPU 0");
	if (e != OK)
		panic("the host keeps the GHCB of CPU 0");
	ghcb_page_init((struct ghcb_link){ va, pa });
	if (ghcb_msr_register(pa) != OK)
		panic("the host refused the GHCB of CPU %u", cpu->index);
	cpu->ghcb = va;
	if (cpu->index == 0)
		console_init();
	/* Revoked pages must leave every CPU's TLB before the call returns. */
	if (!features_invlpgb())
		panic("no INVLPGB: other CPUs' translations cannot be flushed");
}

void snp_ghcb_drop(void)
{
	struct percpu *cpu = percpu_this();

	cpu->ghcb = NULL;
	cpu->ghcb_pa = 0;
	shared_page_give(percpu_page(cpu->index, CPU_PAGE_GHCB));
}

/* Which only the host can tell. */
static enum err snp_cpu_id(uint32_t *id)
{
	return ghcb_msr_cpuid(CPUID_LEAF_TOPOLOGY, CPUID_EDX, id);
}

static void snp_halt(void)
{
	hw_hlt();
}

/* The host runs this level when it has something for it. */
static enum err snp_cpu_signal(const struct percpu *cpu, enum cpu_signal signal)
{
	(void)cpu;
	(void)signal;
	return ERR_UNSUPPORTED;
}

static void snp_wipe(void)
{
	if (secrets)
		bytes_wipe(secrets->vmpck, sizeof(secrets->vmpck));
}

static __attribute__((noreturn)) void snp_terminate(unsigned int reason)
{
	ghcb_msr_terminate(TERM_SET_COIR, reason);
}

static enum err snp_io_read(uint16_t port, uint8_t bytes, uint32_t *value)
{
	return ghcb_port_in(link_this(), port, bytes, value);
}

static enum err snp_io_write(uint16_t port, uint8_t bytes, uint32_t value)
{
	return ghcb_port_out(link_this(), port, bytes, value);
}

/* Even one for which we step aside. */
static bool snp_has_guest(void)
{
	return true;
}

static enum err snp_guest_run(unsigned int vmpl)
{
	return ghcb_msr_run_vmpl(vmpl);
}

const struct platform_ops platform_snp = {
	.name = "SEV-SNP",
	.init_early = snp_init_early,
	.init_late = snp_init_late,
	.halt = snp_halt,
	.wipe = snp_wipe,
	.terminate = snp_terminate,
	.page_state = pages_state,
	.page_validate = pages_validate,
	.guest_grant = pages_grant,
	.guest_revoke = pages_revoke,
	.guest_vmsa = pages_vmsa,
	.cpu_id = snp_cpu_id,
	.cpu_start = ap_start,
	.cpu_signal = snp_cpu_signal,
	.trap = vc_trap,
	.tlb_flush = pages_tlb_flush,
	.tlb_broadcast = pages_tlb_broadcast,
	.timer_arm = timer_arm,
	.log_write = console_write,
	.io_read = snp_io_read,
	.io_write = snp_io_write,
	.has_guest = snp_has_guest,
	.guest_start = ap_guest_start,
	.guest_run = snp_guest_run,
};

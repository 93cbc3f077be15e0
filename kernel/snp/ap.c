/* SPDX-License-Identifier: MIT */
/* Fills save areas, seals them by RMPADJUST, hands them to the host. */
#include "kernel/snp/ap.h"

#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "kernel/cpu/entry.h"
#include "kernel/cpu/features.h"
#include "kernel/mm/cpuarea.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/snp/link.h"
#include "kernel/snp/pages.h"
#include "kernel/snp/vmsa.h"

static uint64_t own_features(void)
{
	return hw_rdmsr(MSR_SEV_STATUS) >> 2;
}

static struct vmsa_kernel kernel_state(struct percpu *cpu)
{
	return (struct vmsa_kernel){
		.sev_features = own_features(),
		.rip = (uint64_t)cpu_entry,
		.rsp = cpuarea_stack_top(cpu->index),
		.rdi = (uint64_t)cpu,
		.gs_base = (uint64_t)cpu,
		.cr0 = hw_cr0_read(),
		.cr3 = kmap_root(),
		.cr4 = features_cr4(),
		.efer = EFER_LME | EFER_LMA | EFER_NXE,
		.cs = GDT_KERNEL_CS,
		.ss = GDT_KERNEL_DS,
		.gdt = (uint64_t)cpu->gdt,
		.gdt_limit = sizeof(cpu->gdt) - 1,
	};
}

must_check enum err ap_start(struct percpu *cpu)
{
	struct vmsa_kernel state = kernel_state(cpu);
	struct pa page = { cpu->vmsa_pa };
	struct tmpmap map = tmpmap_4k(page, KMAP_WRITE);
	enum page_result r;
	enum err e;

	vmsa_kernel_init(map.va, &state);
	r = pages_vmsa_hidden(map.va);
	tmpmap_drop(map);
	if (r != PAGE_OK)
		return ERR_STATE;
	/* Taken here, so that a CPU that comes late allocates nothing while the
	 * guest runs. */
	e = link_take(cpu);
	if (e != OK)
		return e;
	return ghcb_ap_create(link_this(), AP_CREATE, 0, cpu->apic_id, page,
			      state.sev_features);
}

must_check enum err ap_guest_start(const struct guest_start *start, void *va,
				   struct pa page)
{
	vmsa_guest_init(va, start);
	if (pages_vmsa_hidden(va) != PAGE_OK)
		return ERR_STATE;
	/* "On INIT": the host only takes note; we run the level ourselves. At
	 * VMPL0 it takes our own place, now: this call does not return then. */
	return ghcb_ap_create(link_this(),
			      start->vmpl ? AP_CREATE_ON_INIT : AP_CREATE,
			      start->vmpl, start->apic_id, page,
			      start->sev_features);
}

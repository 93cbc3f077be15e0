/* SPDX-License-Identifier: MIT */
/*
 * Fills VMSA pages: the guest's boot processor and our own further processors.
 * Pages are our own, writable, and not yet VMSAs. snp.md section 7.
 */
#pragma once

#include "abi/snp/vmsa.h"
#include "kernel/base/platform.h"

/* 64-bit entry by the Linux boot protocol, or power-on; interrupts off. */
void vmsa_guest_init(struct vmsa *vmsa, const struct guest_start *guest);

/* A further processor of ours, in the kernel's own address space. IDT and
 * TSS are its own first business (desc_load). */
struct vmsa_kernel {
	uint64_t sev_features;
	uint64_t rip, rsp, rdi, gs_base;
	uint64_t cr0, cr3, cr4, efer;
	uint16_t cs, ss;
	uint64_t gdt;
	uint16_t gdt_limit;
};
void vmsa_kernel_init(struct vmsa *vmsa, const struct vmsa_kernel *kernel);

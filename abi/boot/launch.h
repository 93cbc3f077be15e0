/* SPDX-License-Identifier: MIT */
/*
 * What boot stage and kernel agree on: where things lie in the kernel's
 * address space, and the record that the boot stage hands over. Also read by
 * assembly and by the linker script: plain numbers only outside the #ifndef.
 */
#pragma once

/* Link address of the image, guest-physical; one 2 MiB page holds it all. */
#define SVSM_BASE      0x8000000
#define SVSM_IMAGE_MAX 0x200000

/* The image, linear: KERNEL_VA + (pa - SVSM_BASE). */
#define KERNEL_VA 0xffffffff80000000

/* Page tables see themselves through this slot of the top table. */
#define SELF_SLOT 510
#define SELF_VA	  0xffffff0000000000

/*
 * Per-CPU areas, CPU_AREA_SIZE apart: 4 KiB pages in the first 2 MiB (one
 * page table per CPU), one 2 MiB window in the second. Pages that are not
 * named here stay unmapped and guard their neighbours.
 */
#define CPU_AREAS_VA	 0xffffff8000000000
#define CPU_AREA_SIZE	 0x400000
#define CPU_AREA_MAX	 1024
#define CPU_PAGE_SELF	 1 /* struct percpu */
#define CPU_PAGE_STACK	 3
#define CPU_STACK_PAGES	 4
#define CPU_PAGE_IST_VC	 8
#define CPU_PAGE_IST_PF	 10
#define CPU_PAGE_IST_DF	 12
#define CPU_PAGE_IST_NMI 14 /* also #MC and #HV */
/* The pages above, without guards: what each CPU's area is made of. */
#define CPU_AREA_PAGES	 9
#define CPU_PAGE_GHCB	 16
#define CPU_PAGE_VMSA	 18 /* guest's, mapped for good while registered */
#define CPU_PAGE_CAA	 20 /* guest's */
#define CPU_PAGE_SPARE	 22 /* up to 8 pages for the platform */
#define CPU_PAGE_WINDOW	 32
#define CPU_WINDOWS	 16
#define CPU_WINDOW_2M	 0x200000 /* offset in the area */

#define HEAP_VA	     0xffffff8200000000
#define HEAP_VA_SIZE 0x4000000000

#ifndef __ASSEMBLER__

#include "abi/check.h"

#define BOOT_LAUNCH_MAGIC 0x68636e75614c6f43ull

/* Lies in the image, read-only for the kernel. Addresses are guest-physical
 * without C-bit. */
struct boot_launch {
	uint64_t magic;
	uint64_t params;     /* the measured parameter page, inside the image */
	uint64_t c_bit;	     /* as a page-table bit; 0 = no memory encryption */
	uint64_t sev_status; /* MSR_SEV_STATUS as read by the boot stage */
	uint64_t root;	     /* top page table */
	uint64_t image_size; /* bytes mapped at KERNEL_VA, from SVSM_BASE */
};
ABI_SIZE(struct boot_launch, 48);

#endif

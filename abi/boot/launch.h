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
#define CPU_PAGE_IST_VC	 8
#define CPU_PAGE_IST_PF	 10
#define CPU_PAGE_IST_DF	 12
#define CPU_PAGE_IST_NMI 14 /* also #MC and #HV */
#define CPU_PAGE_GHCB	 16
#define CPU_PAGE_VMSA	 18 /* guest's, mapped for good while registered */
#define CPU_PAGE_CAA	 20 /* guest's */
#define CPU_PAGE_SPARE	 22 /* 10 pages: more windows, list copy */
#define CPU_PAGE_WINDOW	 32
#define CPU_WINDOWS	 16
#define CPU_WINDOW_2M	 0x200000 /* offset in the area */

/*
 * The kernel stack, which grows downwards by page faults: its first pages are
 * mapped at start, a reserve for growth is taken and not mapped; addresses
 * down to the limit are its own, the guard below stays empty for ever.
 */
#define CPU_PAGE_STACK	   64 /* lowest page, once it has grown to its limit */
#define CPU_STACK_LIMIT	   6
#define CPU_PAGE_STACK_TOP 70 /* first page above it */
#define CPU_STACK_FIRST	   1
#define CPU_STACK_RESERVE  1
#define CPU_STACK_GUARD	   16 /* pages below CPU_PAGE_STACK */
#define CPU_STACK_SPARES   2  /* for all CPUs together, see kernel/mm/stack */

/* What each CPU's area is made of at start, in this order; then the reserve. */
#define CPU_AREA_LIST                                           \
	CPU_PAGE_SELF, CPU_PAGE_STACK_TOP - 1, CPU_PAGE_IST_VC, \
		CPU_PAGE_IST_PF, CPU_PAGE_IST_DF, CPU_PAGE_IST_NMI
#define CPU_AREA_PAGES 6
/* All that a CPU can ever own: its area with the stack at its limit; GHCB,
 * list copy, page table, save area. */
#define CPU_PRIVATE_PAGES \
	(CPU_AREA_PAGES + CPU_STACK_LIMIT - CPU_STACK_FIRST + 4)
#define CPU_PRIVATE_MAX 0x10000

#define HEAP_VA	     0xffffff8200000000
#define HEAP_VA_SIZE 0x4000000000

/* Arrays of kernel/mm/pvalid, 64 bytes for each 2 MiB region: room for 8 TiB
 * each, side by side, mapped as far as needed. */
#define PVALID_BITS_VA 0xffffffd000000000
#define PVALID_PINS_VA 0xffffffd010000000
#define PVALID_VA_SIZE 0x10000000

/* The archive of services, read-only. */
#define SERVICES_VA 0xffffffe000000000

/* Registers of devices, uncached: native alone. */
#define DEVICES_VA 0xffffffe800000000

#ifndef __ASSEMBLER__

#include "abi/check.h"

_Static_assert(CPU_PAGE_STACK + CPU_STACK_LIMIT == CPU_PAGE_STACK_TOP, "");
_Static_assert(CPU_STACK_FIRST == 1, "CPU_AREA_LIST names them");
_Static_assert(CPU_STACK_FIRST + CPU_STACK_RESERVE <= CPU_STACK_LIMIT, "");
_Static_assert(CPU_PAGE_WINDOW + CPU_WINDOWS + CPU_STACK_GUARD <=
		       CPU_PAGE_STACK,
	       "the guard is nobody else's");
_Static_assert(CPU_PRIVATE_PAGES * 4096 <= CPU_PRIVATE_MAX,
	       "private memory of a CPU");

#define BOOT_LAUNCH_MAGIC 0x68636e75614c6f43ull

/* Which way in was taken: the entry point says it, nobody else can. */
#define BOOT_PLATFORM_SNP    1u
#define BOOT_PLATFORM_NATIVE 2u

/* Lies in the image, read-only for the kernel. Addresses are guest-physical
 * without C-bit. */
struct boot_launch {
	uint64_t magic;
	uint64_t params;     /* the measured parameter page, inside the image */
	uint64_t c_bit;	     /* as a page-table bit; 0 = no memory encryption */
	uint64_t sev_status; /* MSR_SEV_STATUS as read by the boot stage */
	uint64_t root;	     /* top page table */
	uint64_t image_size; /* bytes mapped at KERNEL_VA, from SVSM_BASE */
	uint64_t platform;   /* BOOT_PLATFORM_* */
};
ABI_SIZE(struct boot_launch, 56);

#endif

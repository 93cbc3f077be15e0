/* SPDX-License-Identifier: MIT */
/* Long-mode page tables. AMD APM vol 2, chapter 5. The C-bit is not fixed:
 * it comes from CPUID 0x8000001F EBX[5:0]. */
#pragma once

#define PTE_P		    (1ull << 0)
#define PTE_W		    (1ull << 1)
#define PTE_U		    (1ull << 2)
#define PTE_PWT		    (1ull << 3)
#define PTE_PCD		    (1ull << 4)
#define PTE_A		    (1ull << 5)
#define PTE_D		    (1ull << 6)
#define PTE_PS		    (1ull << 7)
#define PTE_G		    (1ull << 8)
#define PTE_NX		    (1ull << 63)
/* Address field, C-bit still in it. */
#define PTE_ADDR	    0x000ffffffffff000ull
#define PT_ENTRIES	    512u
#define PT_INDEX(va, level) (((va) >> (12 + 9 * (level))) & 511u)

/* page-fault error code, APM vol 2, 8.4.2 */
#define PF_P   (1u << 0)
#define PF_W   (1u << 1)
#define PF_U   (1u << 2)
#define PF_RSV (1u << 3)
#define PF_ID  (1u << 4)
#define PF_RMP (1u << 31)

/* SPDX-License-Identifier: MIT */
/* Hands the machine over to a guest at VMPL0. */
#include "kernel/guest/aside.h"

#include "abi/linux/boot.h"
#include "abi/x86/cr.h"
#include "abi/x86/desc.h"
#include "abi/x86/paging.h"
#include "kernel/mm/selfmap.h"
#include "kernel/mm/tmpmap.h"

#define TOP_SLOT  511u
#define GDT_LIMIT (4u * 8u - 1u)

_Static_assert(LINUX_BOOT_CS == 0x10 && LINUX_BOOT_DS == 0x18, "aside.S");
_Static_assert(PT_INDEX(KERNEL_VA, 3) == TOP_SLOT &&
		       PT_INDEX(CPU_AREAS_VA, 3) == TOP_SLOT,
	       "code and stack are in the slot that stays");

/* The jump itself must be mapped before and after the change of tables. */
static void top_slot_lend(struct pa root)
{
	struct tmpmap map = tmpmap_4k(root, KMAP_WRITE);
	uint64_t *table = map.va;

	table[TOP_SLOT] = *selfmap_entry((const void *)KERNEL_VA, 3);
	tmpmap_drop(map);
}

_Noreturn void aside_enter(const struct params *params, uint64_t c_bit)
{
	uint64_t area = params->guest.launch_area;
	struct pa root = { area + LAUNCH_PAGE_TABLES * PAGE_4K };
	struct desc_ptr gdt = { GDT_LIMIT, area + LAUNCH_GDT * PAGE_4K };

	top_slot_lend(root);
	aside_jump(params->guest.entry, area + LAUNCH_BOOT_PARAMS * PAGE_4K,
		   area + (LAUNCH_STACK + 1) * PAGE_4K, root.v | c_bit, &gdt,
		   CR4_PAE | CR4_MCE);
}

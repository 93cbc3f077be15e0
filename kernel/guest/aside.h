/* SPDX-License-Identifier: MIT */
/*
 * Stepping aside (params.guest_vmpl 0): the guest is entered at VMPL0 in our
 * place, by the same protocol as below an SVSM. Our memory stays reserved.
 */
#pragma once

#include "abi/boot/params.h"

/*
 * After linux_prepare; the GHCB is given back, keys are wiped, nothing of
 * ours runs afterwards. The guest finds our mappings in the top slot of its
 * first page tables; it owns the machine, and drops them with those.
 */
_Noreturn void aside_enter(const struct params *params, uint64_t c_bit);

struct desc_ptr;

/* aside.S. CR3 comes first: from then on the low half is the guest's, the top
 * slot still ours. Interrupts off. */
_Noreturn void aside_jump(uint64_t entry, uint64_t boot_params, uint64_t stack,
			  uint64_t cr3, const struct desc_ptr *gdt,
			  uint64_t cr4);

/* SPDX-License-Identifier: MIT */
/* The boot stage's C half, called by entry.S, and its way out. */
#pragma once

#include <stdint.h>

/* params_pa: the parameter page; c_bit: as a page-table bit. */
_Noreturn void boot_main(uint64_t params_pa, uint64_t c_bit);

/* To the kernel's entry: its argument as the kernel sees it, and CR3. */
_Noreturn void boot_jump(uint64_t launch_va, uint64_t cr3);

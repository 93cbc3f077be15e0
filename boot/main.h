/* SPDX-License-Identifier: MIT */
/* The boot stage's C half, called by entry.S, and its way out. */
#pragma once

#include <stdint.h>

struct boot_launch;
struct params;

#define BOOT_PAGE 4096ull
/* Ordinary data of the boot stage would land in the kernel's. */
#define boot_data __attribute__((section(".boot.data")))

/* params_pa: the parameter page; c_bit: as a page-table bit. */
_Noreturn void boot_main(uint64_t params_pa, uint64_t c_bit);

/* The record for the kernel, to fill in before boot_map. */
extern struct boot_launch boot_launch;

/* Makes the kernel's page tables, in bss that is zero by then. */
void boot_map(const struct params *params);

/* Into the kernel with what boot_launch says. */
_Noreturn void boot_go(void);

/* To the kernel's entry: its argument as the kernel sees it, and CR3. */
_Noreturn void boot_jump(uint64_t launch_va, uint64_t cr3);

/* SPDX-License-Identifier: MIT */
/*
 * The processor's side of kernel/mm/kmap: what the kernel's page tables in
 * the fake machine's memory map (from fake.cr3) appears at its address when
 * it is first touched. Addresses that they do not map end the program.
 */
#pragma once

void mmu_start(void);

/* Forgets what was seen; after fake_reset. */
void mmu_reset(void);

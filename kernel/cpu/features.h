/* SPDX-License-Identifier: MIT */
/*
 * What the processor can do, from the SNP CPUID page: checked by the
 * security processor, unlike the CPUID instruction, which asks the host.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/snp/cpuid_page.h"

/* page stays in use; it lies in the image and is read-only. */
void features_init(const struct snp_cpuid_page *page);

/* Turns on WP, NXE, SSE, and SMEP, SMAP, UMIP, PCIDs as far as they exist; on
 * every CPU, its CR3 below 4 KiB zero. */
void features_load(void);

/* CR4 as features_load sets it, but for PCIDs, for the save areas of other
 * CPUs. */
uint64_t features_cr4(void);

/* The first entry for a leaf (and subleaf, where the leaf has such); NULL
 * when absent: all its values are zero then. */
const struct snp_cpuid_fn *features_cpuid(uint32_t leaf, uint32_t subleaf);

/* CR3 has a PCID: kernel/cpu/pcid.h. */
bool features_pcid(void);

/* STAC and CLAC exist. */
bool features_smap(void);

/* Pages that one INVLPGB flushes at most; 0: the CPU has none. */
uint32_t features_invlpgb(void);

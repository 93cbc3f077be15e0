/* SPDX-License-Identifier: MIT */
/* The SNP CPUID page. AMD 56860 (SNP firmware ABI), 8.17.2.6. */
#pragma once

#include "abi/check.h"

#define SNP_CPUID_MAX 64

struct snp_cpuid_fn {
	uint32_t eax_in;
	uint32_t ecx_in;
	uint64_t xcr0_in;
	uint64_t xss_in;
	uint32_t eax;
	uint32_t ebx;
	uint32_t ecx;
	uint32_t edx;
	uint64_t reserved;
};
ABI_SIZE(struct snp_cpuid_fn, 48);
ABI_AT(struct snp_cpuid_fn, eax, 0x18);

struct snp_cpuid_page {
	uint32_t count;
	uint32_t reserved1;
	uint64_t reserved2;
	struct snp_cpuid_fn fn[SNP_CPUID_MAX];
	uint8_t reserved3[4096 - 16 - 48 * SNP_CPUID_MAX];
};
ABI_SIZE(struct snp_cpuid_page, 4096);
ABI_AT(struct snp_cpuid_page, fn, 0x10);

/* SPDX-License-Identifier: MIT */
/* The secrets page. AMD 56860, 8.17.2.5; SVSM fields: AMD 58019, ch. 3. */
#pragma once

#include "abi/check.h"

#define VMPCK_SIZE 32

struct snp_secrets {
	uint32_t version;
	uint32_t flags;
	uint32_t fms;
	uint32_t reserved1;
	uint8_t gosvw[16];
	uint8_t vmpck[4][VMPCK_SIZE];
	uint32_t seq_low[4];
	uint64_t ap_jump_table;
	uint32_t seq_high[4];
	uint8_t reserved2[22];
	uint16_t os_area_version;
	uint8_t guest_area[32];
	uint8_t vmsa_tweak[64];
	uint64_t svsm_base; /* GPA */
	uint64_t svsm_size; /* bytes, 0 = no SVSM */
	uint64_t svsm_caa;  /* GPA of the boot vCPU's calling area */
	uint32_t svsm_max_version;
	uint8_t svsm_guest_vmpl;
	uint8_t reserved3[3];
	uint32_t tsc_factor;
	uint32_t reserved4;
	uint64_t launch_mit_vector;
	uint8_t reserved5[4096 - 0x170];
};
ABI_SIZE(struct snp_secrets, 4096);
ABI_AT(struct snp_secrets, vmpck, 0x20);
ABI_AT(struct snp_secrets, seq_low, 0xa0);
ABI_AT(struct snp_secrets, ap_jump_table, 0xb0);
ABI_AT(struct snp_secrets, os_area_version, 0xde);
ABI_AT(struct snp_secrets, vmsa_tweak, 0x100);
ABI_AT(struct snp_secrets, svsm_base, 0x140);
ABI_AT(struct snp_secrets, svsm_guest_vmpl, 0x15c);
ABI_AT(struct snp_secrets, tsc_factor, 0x160);

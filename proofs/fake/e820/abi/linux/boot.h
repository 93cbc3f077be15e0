/* SPDX-License-Identifier: MIT */
/* abi/linux/boot.h for proofs: of boot_params the E820 table alone, not packed,
 * with room for BOUND entries. `-Iproofs/fake/e820` among a proof's flags. */
#pragma once

#define linux_e820	  linux_e820_packed
#define linux_boot_params linux_boot_params_whole
#include "../../../../../abi/linux/boot.h"
#undef linux_boot_params
#undef linux_e820

#include "proofs/fake/proof.h"

#undef LINUX_E820_MAX
#define LINUX_E820_MAX BOUND

struct linux_e820 {
	uint64_t addr;
	uint64_t size;
	uint32_t type;
};

struct linux_boot_params {
	uint8_t e820_entries;
	struct linux_e820 e820_table[LINUX_E820_MAX];
};

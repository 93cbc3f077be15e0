/* SPDX-License-Identifier: MIT */
/* Multiboot specification 0.6.96: header and boot information. */
#pragma once

#define MULTIBOOT_HEADER_MAGIC 0x1badb002
#define MULTIBOOT_BOOT_MAGIC   0x2badb002
#define MULTIBOOT_PAGE_ALIGN   (1 << 0)
#define MULTIBOOT_MEMORY       (1 << 1)
#define MULTIBOOT_ADDRESSES    (1 << 16)

#ifndef __ASSEMBLER__
#include "abi/check.h"

#define MULTIBOOT_INFO_CMDLINE (1u << 2)
#define MULTIBOOT_INFO_MODULES (1u << 3)
#define MULTIBOOT_INFO_MMAP    (1u << 6)

/* All addresses are physical and below 4 GiB. */
struct multiboot_info {
	uint32_t flags;
	uint32_t mem_lower, mem_upper;
	uint32_t boot_device;
	uint32_t cmdline;
	uint32_t mods_count, mods_addr;
	uint32_t syms[4];
	uint32_t mmap_length, mmap_addr;
};
ABI_SIZE(struct multiboot_info, 52);

struct multiboot_module {
	uint32_t start, end;
	uint32_t string;
	uint32_t reserved;
};
ABI_SIZE(struct multiboot_module, 16);

#define MULTIBOOT_MMAP_RAM 1u

/* size counts the bytes that follow it. */
struct multiboot_mmap {
	uint32_t size;
	uint64_t base, length;
	uint32_t type;
} ABI_PACKED;
ABI_SIZE(struct multiboot_mmap, 24);
#endif

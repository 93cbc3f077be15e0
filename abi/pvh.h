/* SPDX-License-Identifier: MIT */
/*
 * Direct boot by the PVH protocol, as QEMU does it for -kernel: Xen's public
 * arch-x86/hvm/start_info.h and elfnote.h. All addresses are physical.
 */
#pragma once

/* ELF note by the name "Xen": the 32-bit physical entry point. */
#define PVH_NOTE_ENTRY 18

#ifndef __ASSEMBLER__
#include "abi/check.h"

#define PVH_MAGIC 0x336ec578u

struct pvh_start_info {
	uint32_t magic;
	uint32_t version; /* 1: with a memory map */
	uint32_t flags;
	uint32_t modules;
	uint64_t module_list;
	uint64_t cmdline; /* ended by a zero; 0: none */
	uint64_t rsdp;
	uint64_t memory_map;
	uint32_t memory_map_entries;
	uint32_t reserved;
};
ABI_SIZE(struct pvh_start_info, 56);

struct pvh_module {
	uint64_t start;
	uint64_t size;
	uint64_t cmdline;
	uint64_t reserved;
};
ABI_SIZE(struct pvh_module, 32);

#define PVH_MEMORY_RAM 1u

struct pvh_memory {
	uint64_t start;
	uint64_t size;
	uint32_t type;
	uint32_t reserved;
};
ABI_SIZE(struct pvh_memory, 24);
#endif

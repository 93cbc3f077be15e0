/* SPDX-License-Identifier: MIT */
/*
 * The Linux x86 64-bit boot protocol: boot_params, setup header, E820,
 * setup_data and the confidential-computing blob. Linux
 * Documentation/arch/x86/boot.rst and zero-page.rst.
 */
#pragma once

#include "abi/check.h"

#define LINUX_E820_RAM	    1u
#define LINUX_E820_RESERVED 2u
#define LINUX_E820_ACPI	    3u
#define LINUX_E820_NVS	    4u
#define LINUX_E820_MAX	    128u

#define LINUX_SETUP_HEADER   0x1f1u
#define LINUX_ENTRY64	     0x200u
#define LINUX_MAGIC	     0x53726448u /* "HdrS" */
#define LINUX_LOADER_UNKNOWN 0xffu
#define LINUX_LOADED_HIGH    (1u << 0)
#define LINUX_XLF_64	     (1u << 0)
#define LINUX_VID_NORMAL     0xffffu
#define LINUX_SETUP_CC_BLOB  7u

/* Selectors the protocol asks for. */
#define LINUX_BOOT_CS 0x10u
#define LINUX_BOOT_DS 0x18u

struct linux_e820 {
	uint64_t addr;
	uint64_t size;
	uint32_t type;
} ABI_PACKED;
ABI_SIZE(struct linux_e820, 20);

struct linux_setup_header {
	uint8_t setup_sects;
	uint16_t root_flags;
	uint32_t syssize;
	uint16_t ram_size;
	uint16_t vid_mode;
	uint16_t root_dev;
	uint16_t boot_flag;
	uint16_t jump;
	uint32_t header; /* LINUX_MAGIC */
	uint16_t version;
	uint32_t realmode_swtch;
	uint16_t start_sys_seg;
	uint16_t kernel_version;
	uint8_t type_of_loader;
	uint8_t loadflags;
	uint16_t setup_move_size;
	uint32_t code32_start;
	uint32_t ramdisk_image;
	uint32_t ramdisk_size;
	uint32_t bootsect_kludge;
	uint16_t heap_end_ptr;
	uint8_t ext_loader_ver;
	uint8_t ext_loader_type;
	uint32_t cmd_line_ptr;
	uint32_t initrd_addr_max;
	uint32_t kernel_alignment;
	uint8_t relocatable_kernel;
	uint8_t min_alignment;
	uint16_t xloadflags;
	uint32_t cmdline_size;
	uint32_t hardware_subarch;
	uint64_t hardware_subarch_data;
	uint32_t payload_offset;
	uint32_t payload_length;
	uint64_t setup_data;
	uint64_t pref_address;
	uint32_t init_size;
	uint32_t handover_offset;
	uint32_t kernel_info_offset;
} ABI_PACKED;
ABI_AT(struct linux_setup_header, header, 0x202 - 0x1f1);
ABI_AT(struct linux_setup_header, type_of_loader, 0x210 - 0x1f1);
ABI_AT(struct linux_setup_header, cmd_line_ptr, 0x228 - 0x1f1);
ABI_AT(struct linux_setup_header, xloadflags, 0x236 - 0x1f1);
ABI_AT(struct linux_setup_header, setup_data, 0x250 - 0x1f1);
ABI_AT(struct linux_setup_header, init_size, 0x260 - 0x1f1);

struct linux_boot_params {
	uint8_t screen_info[0x40];
	uint8_t reserved_040[0x30];
	uint64_t acpi_rsdp_addr;
	uint8_t reserved_078[0xc0 - 0x78];
	uint32_t ext_ramdisk_image;
	uint32_t ext_ramdisk_size;
	uint32_t ext_cmd_line_ptr;
	uint8_t reserved_0cc[0x13c - 0xcc];
	uint32_t cc_blob_address;
	uint8_t reserved_140[0x1e8 - 0x140];
	uint8_t e820_entries;
	uint8_t reserved_1e9[6];
	uint8_t sentinel; /* must be 0 */
	uint8_t reserved_1f0;
	struct linux_setup_header hdr;
	uint8_t reserved_hdr[0x2d0 - 0x1f1 - sizeof(struct linux_setup_header)];
	struct linux_e820 e820_table[LINUX_E820_MAX];
	uint8_t reserved_cd0[0x1000 - 0xcd0];
} ABI_PACKED;
ABI_SIZE(struct linux_boot_params, 4096);
ABI_AT(struct linux_boot_params, acpi_rsdp_addr, 0x70);
ABI_AT(struct linux_boot_params, cc_blob_address, 0x13c);
ABI_AT(struct linux_boot_params, e820_entries, 0x1e8);
ABI_AT(struct linux_boot_params, sentinel, 0x1ef);
ABI_AT(struct linux_boot_params, hdr, 0x1f1);
ABI_AT(struct linux_boot_params, e820_table, 0x2d0);

struct linux_setup_data {
	uint64_t next;
	uint32_t type;
	uint32_t len;
	uint32_t cc_blob_address; /* type LINUX_SETUP_CC_BLOB */
} ABI_PACKED;
ABI_SIZE(struct linux_setup_data, 20);

#define CC_BLOB_MAGIC 0x45444d41u /* "AMDE" */
struct cc_blob {
	uint32_t magic;
	uint16_t version;
	uint16_t reserved1;
	uint64_t secrets_phys;
	uint32_t secrets_len;
	uint32_t reserved2;
	uint64_t cpuid_phys;
	uint32_t cpuid_len;
	uint32_t reserved3;
};
ABI_SIZE(struct cc_blob, 40);

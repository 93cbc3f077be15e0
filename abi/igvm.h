/* SPDX-License-Identifier: MIT */
/*
 * The IGVM file format, versions 1 and 2 (spec/igvm.md, sections 1 and 2).
 * Everything is little endian; file_offset fields count from the file's start.
 */
#pragma once

#include "abi/check.h"

#define IGVM_MAGIC	      0x4d564749u /* "IGVM" */
#define IGVM_FORMAT_VERSION_1 1u
#define IGVM_FORMAT_VERSION_2 2u
#define IGVM_ARCH_X64	      0u
#define IGVM_ARCH_AARCH64     1u
#define IGVM_PAGE_SIZE	      0x1000u
#define IGVM_LARGE_PAGE_SIZE  0x200000u
/* Every variable header starts at a file offset that is a multiple of this. */
#define IGVM_HEADER_ALIGN     8u

struct igvm_fixed_header {
	uint32_t magic;
	uint32_t format_version;
	uint32_t variable_header_offset;
	uint32_t variable_header_size;
	uint32_t total_file_size;
	uint32_t checksum; /* CRC-32 of both headers, itself taken as 0 */
};
ABI_SIZE(struct igvm_fixed_header, 0x18);

struct igvm_fixed_header_v2 {
	struct igvm_fixed_header v1;
	uint32_t architecture;
	uint32_t page_size;
};
ABI_SIZE(struct igvm_fixed_header_v2, 0x20);

/* Before each body; length counts the body without its padding. */
struct igvm_variable_header {
	uint32_t type;
	uint32_t length;
};
ABI_SIZE(struct igvm_variable_header, 8);

/* A loader may skip an unknown type that has this bit, and only then. */
#define IGVM_VHT_OPTIONAL 0x80000000u

#define IGVM_VHT_PLATFORM_FIRST	 0x001u
#define IGVM_VHT_PLATFORM_LAST	 0x100u
#define IGVM_VHT_INIT_FIRST	 0x101u
#define IGVM_VHT_INIT_LAST	 0x200u
#define IGVM_VHT_DIRECTIVE_FIRST 0x301u
#define IGVM_VHT_DIRECTIVE_LAST	 0x400u

#define IGVM_VHT_SUPPORTED_PLATFORM	      0x001u
#define IGVM_VHT_GUEST_POLICY		      0x101u
#define IGVM_VHT_RELOCATABLE_REGION	      0x102u
#define IGVM_VHT_PAGE_TABLE_RELOCATION_REGION 0x103u
#define IGVM_VHT_CORIM_DOCUMENT		      0x104u
#define IGVM_VHT_CORIM_SIGNATURE	      0x105u
#define IGVM_VHT_CCA_POLICY		      0x106u
#define IGVM_VHT_PARAMETER_AREA		      0x301u
#define IGVM_VHT_PAGE_DATA		      0x302u
#define IGVM_VHT_PARAMETER_INSERT	      0x303u
#define IGVM_VHT_VP_CONTEXT		      0x304u
#define IGVM_VHT_REQUIRED_MEMORY	      0x305u
#define IGVM_VHT_VP_COUNT		      0x307u
#define IGVM_VHT_SRAT			      0x308u
#define IGVM_VHT_MADT			      0x309u
#define IGVM_VHT_MMIO_RANGES		      0x30au
#define IGVM_VHT_SNP_ID_BLOCK		      0x30bu
#define IGVM_VHT_MEMORY_MAP		      0x30cu
#define IGVM_VHT_ERROR_RANGE		      0x30du
#define IGVM_VHT_COMMAND_LINE		      0x30eu
#define IGVM_VHT_SLIT			      0x30fu
#define IGVM_VHT_PPTT			      0x310u
#define IGVM_VHT_VBS_MEASUREMENT	      0x311u
#define IGVM_VHT_DEVICE_TREE		      0x312u
#define IGVM_VHT_ENVIRONMENT_INFO	      0x313u

#define IGVM_PLATFORM_NATIVE	    0u
#define IGVM_PLATFORM_VSM_ISOLATION 1u
#define IGVM_PLATFORM_SEV_SNP	    2u
#define IGVM_PLATFORM_TDX	    3u
#define IGVM_PLATFORM_SEV	    4u
#define IGVM_PLATFORM_SEV_ES	    5u
#define IGVM_PLATFORM_CCA	    6u
#define IGVM_PLATFORM_COUNT	    7u
#define IGVM_PLATFORM_VERSION	    1u

struct igvm_supported_platform {
	uint32_t compatibility_mask; /* exactly one bit */
	uint8_t highest_vtl;
	uint8_t platform_type;
	uint16_t platform_version;
	uint64_t shared_gpa_boundary;
};
ABI_SIZE(struct igvm_supported_platform, 0x10);

struct igvm_guest_policy {
	uint64_t policy;
	uint32_t compatibility_mask;
	uint32_t reserved;
};
ABI_SIZE(struct igvm_guest_policy, 0x10);

#define IGVM_RELOCATE_IS_VTL2	 0x1u
#define IGVM_RELOCATE_APPLY_PC	 0x2u
#define IGVM_RELOCATE_APPLY_GDTR 0x4u

struct igvm_relocatable_region {
	uint32_t compatibility_mask;
	uint16_t vp_index;
	uint8_t vtl;
	uint8_t flags;
	uint64_t relocation_alignment;
	uint64_t relocation_region_gpa;
	uint64_t relocation_region_size;
	uint64_t minimum_relocation_gpa;
	uint64_t maximum_relocation_gpa;
};
ABI_SIZE(struct igvm_relocatable_region, 0x30);

struct igvm_page_table_relocation {
	uint32_t compatibility_mask;
	uint16_t vp_index;
	uint8_t vtl;
	uint8_t reserved;
	uint64_t gpa;
	uint64_t size;
	uint64_t used_size;
};
ABI_SIZE(struct igvm_page_table_relocation, 0x20);

/* CORIM_DOCUMENT and CORIM_SIGNATURE */
struct igvm_corim {
	uint32_t compatibility_mask;
	uint32_t file_offset;
	uint32_t size_bytes;
	uint32_t reserved;
};
ABI_SIZE(struct igvm_corim, 0x10);

struct igvm_cca_policy {
	uint32_t compatibility_mask;
	uint32_t reserved;
	uint64_t attributes_required_zeroes;
	uint64_t attributes_required_ones;
	uint8_t hash_algorithm;
	uint8_t lfa_policy;
	uint8_t reserved2[6];
};
ABI_SIZE(struct igvm_cca_policy, 0x20);

/* Has no mask: the area exists on every platform. */
struct igvm_parameter_area {
	uint64_t number_of_bytes;
	uint32_t parameter_area_index;
	uint32_t file_offset;
};
ABI_SIZE(struct igvm_parameter_area, 0x10);

#define IGVM_PAGE_IS_2MB     0x1u
#define IGVM_PAGE_UNMEASURED 0x2u
#define IGVM_PAGE_SHARED     0x4u

#define IGVM_PAGE_TYPE_NORMAL	  0u
#define IGVM_PAGE_TYPE_SECRETS	  1u
#define IGVM_PAGE_TYPE_CPUID_DATA 2u
#define IGVM_PAGE_TYPE_CPUID_XF	  3u

struct igvm_page_data {
	uint64_t gpa;
	uint32_t compatibility_mask;
	uint32_t file_offset; /* 0: a page of zeroes */
	uint32_t flags;
	uint16_t data_type;
	uint16_t reserved;
};
ABI_SIZE(struct igvm_page_data, 0x18);

struct igvm_parameter_insert {
	uint64_t gpa;
	uint32_t compatibility_mask;
	uint32_t parameter_area_index;
};
ABI_SIZE(struct igvm_parameter_insert, 0x10);

/* The only body whose size is no multiple of 8, hence packed. */
struct igvm_vp_context {
	uint64_t gpa;
	uint32_t compatibility_mask;
	uint32_t file_offset;
	uint16_t vp_index;
	uint16_t reserved;
} ABI_PACKED;
ABI_SIZE(struct igvm_vp_context, 0x14);

#define IGVM_REQUIRED_VTL2_PROTECTABLE 0x1u

struct igvm_required_memory {
	uint64_t gpa;
	uint32_t compatibility_mask;
	uint32_t number_of_bytes;
	uint32_t flags;
	uint32_t reserved;
};
ABI_SIZE(struct igvm_required_memory, 0x18);

struct igvm_error_range {
	uint64_t gpa;
	uint32_t compatibility_mask;
	uint32_t size_bytes;
};
ABI_SIZE(struct igvm_error_range, 0x10);

/* All usage records: VP_COUNT, SRAT, MADT, MEMORY_MAP and so on. */
struct igvm_parameter_usage {
	uint32_t parameter_area_index;
	uint32_t byte_offset;
};
ABI_SIZE(struct igvm_parameter_usage, 8);

struct igvm_signature {
	uint8_t r[72]; /* little endian, zero padded */
	uint8_t s[72];
};
ABI_SIZE(struct igvm_signature, 0x90);

struct igvm_public_key {
	uint32_t curve; /* 2: P-384 */
	uint32_t reserved;
	uint8_t qx[72];
	uint8_t qy[72];
};
ABI_SIZE(struct igvm_public_key, 0x98);

struct igvm_snp_id_block {
	uint32_t compatibility_mask;
	uint8_t author_key_enabled;
	uint8_t reserved[3];
	uint8_t ld[48];
	uint8_t family_id[16];
	uint8_t image_id[16];
	uint32_t version;
	uint32_t guest_svn;
	uint32_t id_key_algorithm;
	uint32_t author_key_algorithm;
	struct igvm_signature id_key_signature;
	struct igvm_public_key id_public_key;
	struct igvm_signature author_key_signature;
	struct igvm_public_key author_public_key;
};
ABI_SIZE(struct igvm_snp_id_block, 0x2b8);
ABI_AT(struct igvm_snp_id_block, family_id, 0x38);
ABI_AT(struct igvm_snp_id_block, id_key_signature, 0x68);
ABI_AT(struct igvm_snp_id_block, id_public_key, 0xf8);
ABI_AT(struct igvm_snp_id_block, author_key_signature, 0x190);
ABI_AT(struct igvm_snp_id_block, author_public_key, 0x220);

struct igvm_vbs_measurement {
	uint32_t compatibility_mask;
	uint32_t version;
	uint32_t product_id;
	uint32_t module_id;
	uint32_t security_version;
	uint32_t policy_flags;
	uint32_t boot_digest_algo;
	uint32_t signing_algo;
	uint8_t boot_measurement_digest[64];
	uint8_t signature[256];
	uint8_t public_key[512];
};
ABI_SIZE(struct igvm_vbs_measurement, 0x360);

#define IGVM_MEMORY_MAP_MEMORY		  0u
#define IGVM_MEMORY_MAP_PLATFORM_RESERVED 1u
#define IGVM_MEMORY_MAP_PERSISTENT	  2u
#define IGVM_MEMORY_MAP_VTL2_PROTECTABLE  3u
#define IGVM_MEMORY_MAP_SPECIFIC_PURPOSE  4u
#define IGVM_MEMORY_MAP_HIDDEN		  5u

/* A list ends with an entry of no pages, or with its area. */
struct igvm_memory_map_entry {
	uint64_t starting_gpa_page_number;
	uint64_t number_of_pages;
	uint16_t type;
	uint16_t flags;
	uint32_t reserved;
};
ABI_SIZE(struct igvm_memory_map_entry, 24);

struct igvm_mmio_range {
	uint64_t starting_gpa_page_number;
	uint64_t number_of_pages;
};
ABI_SIZE(struct igvm_mmio_range, 16);

/* What a loader writes for MMIO_RANGES. */
#define IGVM_MMIO_RANGE_COUNT 2u

#define IGVM_ENVIRONMENT_MEMORY_IS_SHARED 0x1u

/* Attributes as VMX access rights: A09B is 64-bit code, C093 flat data. */
struct igvm_native_vp_context_x64 {
	uint64_t rax, rcx, rdx, rbx;
	uint64_t rsp, rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip;
	uint64_t rflags;
	uint64_t idtr_base;
	uint16_t idtr_limit;
	uint16_t reserved[2];
	uint16_t gdtr_limit;
	uint64_t gdtr_base;
	uint16_t code_selector;
	uint16_t code_attributes;
	uint32_t code_base;
	uint32_t code_limit;
	uint16_t data_selector;
	uint16_t data_attributes;
	uint32_t data_base;
	uint32_t data_limit;
	uint64_t gs_base;
	uint64_t cr0;
	uint64_t cr3;
	uint64_t cr4;
	uint64_t efer;
};
ABI_SIZE(struct igvm_native_vp_context_x64, 0xe8);
ABI_AT(struct igvm_native_vp_context_x64, rip, 0x80);
ABI_AT(struct igvm_native_vp_context_x64, idtr_limit, 0x98);
ABI_AT(struct igvm_native_vp_context_x64, gdtr_limit, 0x9e);
ABI_AT(struct igvm_native_vp_context_x64, code_selector, 0xa8);
ABI_AT(struct igvm_native_vp_context_x64, data_selector, 0xb4);
ABI_AT(struct igvm_native_vp_context_x64, gs_base, 0xc0);
ABI_AT(struct igvm_native_vp_context_x64, efer, 0xe0);

/* VSM: u32 register_count, then this many of these, unaligned. */
#define IGVM_VSM_REGISTER_SIZE 0x20u

/* SPDX-License-Identifier: MIT */
/*
 * What an OVMF image says about itself: a table of GUIDs that grows down from
 * 32 bytes below its end, and the metadata blocks that it leads to. The image
 * ends at 4 GiB. Offsets of blocks count from the end of the image.
 */
#pragma once

#include "abi/check.h"

#define OVMF_END	(1ull << 32)
/* The reset vector of every x86: 16 bytes below the end. */
#define OVMF_RESET	(OVMF_END - 16)
/* Bytes from the end of the image up to the end of the table. */
#define OVMF_TABLE_SKIP 32u
/* An entry is its data, then this: length (of all three) and GUID. */
#define OVMF_ENTRY_TAIL 18u
#define OVMF_GUID_SIZE	16u

/* A GUID as the file has it: the first three fields little endian. */
#define OVMF_GUID(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)                  \
	{                                                                   \
		(a) & 0xff, (a) >> 8 & 0xff, (a) >> 16 & 0xff, (a) >> 24,   \
			(b)&0xff, (b) >> 8, (c)&0xff, (c) >> 8, d0, d1, d2, \
			d3, d4, d5, d6, d7                                  \
	}
#define OVMF_GUID_FOOTER                                                       \
	OVMF_GUID(0x96b582deu, 0x1fb2u, 0x45f7u, 0xba, 0xea, 0xa3, 0x66, 0xc5, \
		  0x5a, 0x08, 0x2d)
#define OVMF_GUID_RESET_BLOCK                                                  \
	OVMF_GUID(0x00f771deu, 0x1a7eu, 0x4fcbu, 0x89, 0x0e, 0x68, 0xc7, 0x7e, \
		  0x2f, 0xb4, 0x4e)
#define OVMF_GUID_SECRET_BLOCK                                                 \
	OVMF_GUID(0x4c2eb361u, 0x7d9bu, 0x4cc3u, 0x80, 0x81, 0x12, 0x7c, 0x90, \
		  0xd3, 0xd2, 0x94)
#define OVMF_GUID_HASH_TABLE                                                   \
	OVMF_GUID(0x7255371fu, 0x3a3bu, 0x4b04u, 0x92, 0x7b, 0x1d, 0xa6, 0xef, \
		  0xa8, 0xd4, 0x54)
#define OVMF_GUID_SEV                                                          \
	OVMF_GUID(0xdc886566u, 0x984au, 0x4798u, 0xa7, 0x5e, 0x55, 0x85, 0xa7, \
		  0xbf, 0x67, 0xcc)
#define OVMF_GUID_TDX                                                          \
	OVMF_GUID(0xe47a6535u, 0x984au, 0x4798u, 0x86, 0x5e, 0x46, 0x85, 0xa7, \
		  0xbf, 0x8e, 0xc2)
#define OVMF_GUID_IGVM                                                         \
	OVMF_GUID(0x784fa70eu, 0x3176u, 0x4677u, 0x8a, 0x20, 0x04, 0xb6, 0x86, \
		  0x99, 0xe3, 0x74)
/* In the 16 bytes before the TDX block. */
#define OVMF_GUID_TDX_BLOCK                                                    \
	OVMF_GUID(0xe9eaf9f3u, 0x168eu, 0x44d5u, 0xa8, 0xeb, 0x7f, 0x4d, 0x87, \
		  0x38, 0xf6, 0xae)

struct ovmf_block {
	uint32_t signature;
	uint32_t length; /* of block and records */
	uint32_t version;
	uint32_t count;
};
ABI_SIZE(struct ovmf_block, 16);

#define OVMF_SIGNATURE_SEV  0x56455341u /* ASEV */
#define OVMF_SIGNATURE_IGVM 0x4d564749u /* IGVM */
#define OVMF_SIGNATURE_TDX  0x46564454u /* TDVF */
#define OVMF_BLOCK_VERSION  1u

/* SEV and IGVM blocks. */
struct ovmf_record {
	uint32_t start;
	uint32_t size;
	uint32_t type;
};
ABI_SIZE(struct ovmf_record, 12);

#define OVMF_SEV_MEMORY	       1u /* validated before it starts */
#define OVMF_SEV_SECRETS       2u
#define OVMF_SEV_CPUID	       3u
#define OVMF_SEV_SVSM_CAA      4u
#define OVMF_SEV_KERNEL_HASHES 0x10u

#define OVMF_IGVM_AREA	     0x100u /* start: address */
#define OVMF_IGVM_MEMORY_MAP 0x101u /* start: offset in the area */
#define OVMF_IGVM_VP_COUNT   0x102u /* start: offset in the area */
#define OVMF_IGVM_HOBS	     0x200u /* start: address */

struct ovmf_tdx_record {
	uint32_t file_offset;
	uint32_t file_size;
	uint64_t address;
	uint64_t size;
	uint32_t type;
	uint32_t attributes;
};
ABI_SIZE(struct ovmf_tdx_record, 32);
ABI_AT(struct ovmf_tdx_record, type, 24);

#define OVMF_TDX_CODE	   0u
#define OVMF_TDX_VARIABLES 1u
#define OVMF_TDX_HOBS	   2u
#define OVMF_TDX_MEMORY	   3u

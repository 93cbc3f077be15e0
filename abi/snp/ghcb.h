/* SPDX-License-Identifier: MIT */
/* The GHCB page and its events. AMD 56421 (GHCB specification), 2.3 and 4. */
#pragma once

#include "abi/check.h"

struct ghcb {
	uint8_t reserved_000[0xcb];
	uint8_t cpl;
	uint8_t reserved_0cc[0x140 - 0xcc];
	uint64_t xss;
	uint8_t reserved_148[0x160 - 0x148];
	uint64_t dr7;
	uint8_t reserved_168[0x178 - 0x168];
	uint64_t rip;
	uint8_t reserved_180[0x1d8 - 0x180];
	uint64_t rsp;
	uint8_t reserved_1e0[0x1f8 - 0x1e0];
	uint64_t rax;
	uint8_t reserved_200[0x308 - 0x200];
	uint64_t rcx, rdx, rbx;
	uint64_t reserved_320;
	uint64_t rbp, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint8_t reserved_380[16];
	uint64_t sw_exitcode, sw_exitinfo1, sw_exitinfo2, sw_scratch;
	uint8_t reserved_3b0[0x3e8 - 0x3b0];
	uint64_t xcr0;
	uint8_t valid_bitmap[16];
	uint64_t x87_state_gpa;
	uint8_t reserved_408[0x800 - 0x408];
	uint8_t shared_buffer[0x7f0];
	uint8_t reserved_ff0[10];
	uint16_t protocol_version;
	uint32_t ghcb_usage;
};
ABI_SIZE(struct ghcb, 4096);
ABI_AT(struct ghcb, xss, 0x140);
ABI_AT(struct ghcb, dr7, 0x160);
ABI_AT(struct ghcb, rip, 0x178);
ABI_AT(struct ghcb, rsp, 0x1d8);
ABI_AT(struct ghcb, rax, 0x1f8);
ABI_AT(struct ghcb, rcx, 0x308);
ABI_AT(struct ghcb, rbp, 0x328);
ABI_AT(struct ghcb, r8, 0x340);
ABI_AT(struct ghcb, sw_exitcode, 0x390);
ABI_AT(struct ghcb, xcr0, 0x3e8);
ABI_AT(struct ghcb, valid_bitmap, 0x3f0);
ABI_AT(struct ghcb, shared_buffer, 0x800);
ABI_AT(struct ghcb, protocol_version, 0xffa);
ABI_AT(struct ghcb, ghcb_usage, 0xffc);

/* Number of a field's bit in VALID_BITMAP. */
#define GHCB_BIT(field)	  (offsetof(struct ghcb, field) / 8)
#define GHCB_BUFFER_SIZE  0x7f0u
#define GHCB_PROTOCOL_MIN 1u
#define GHCB_PROTOCOL_MAX 2u

/* SW_EXITINFO1[31:0] and, for malformed calls, SW_EXITINFO2 */
#define GHCB_RESULT_OK		 0u
#define GHCB_RESULT_EXCEPTION	 1u
#define GHCB_RESULT_MALFORMED	 2u
#define GHCB_ERR_NOT_REGISTERED	 1u
#define GHCB_ERR_INVALID_USAGE	 2u
#define GHCB_ERR_INVALID_SCRATCH 3u
#define GHCB_ERR_MISSING_INPUT	 4u
#define GHCB_ERR_INVALID_INPUT	 5u
#define GHCB_ERR_INVALID_EVENT	 6u

/* SW_EXITCODE: architectural */
#define GHCB_NAE_DR7_READ	   0x27u
#define GHCB_NAE_DR7_WRITE	   0x37u
#define GHCB_NAE_RDTSC		   0x6eu
#define GHCB_NAE_RDPMC		   0x6fu
#define GHCB_NAE_CPUID		   0x72u
#define GHCB_NAE_INVD		   0x76u
#define GHCB_NAE_IOIO		   0x7bu
#define GHCB_NAE_MSR		   0x7cu
#define GHCB_NAE_VMMCALL	   0x81u
#define GHCB_NAE_RDTSCP		   0x87u
#define GHCB_NAE_WBINVD		   0x89u
#define GHCB_NAE_MONITOR	   0x8au
#define GHCB_NAE_MWAIT		   0x8bu
/* SW_EXITCODE: software */
#define GHCB_NAE_MMIO_READ	   0x80000001u
#define GHCB_NAE_MMIO_WRITE	   0x80000002u
#define GHCB_NAE_NMI_COMPLETE	   0x80000003u
#define GHCB_NAE_AP_RESET_HOLD	   0x80000004u
#define GHCB_NAE_AP_JUMP_TABLE	   0x80000005u
#define GHCB_NAE_PSC		   0x80000010u
#define GHCB_NAE_GUEST_REQUEST	   0x80000011u
#define GHCB_NAE_EXT_GUEST_REQUEST 0x80000012u
#define GHCB_NAE_AP_CREATION	   0x80000013u
#define GHCB_NAE_HV_DOORBELL	   0x80000014u
#define GHCB_NAE_HV_IPI		   0x80000015u
#define GHCB_NAE_HV_TIMER	   0x80000016u
#define GHCB_NAE_APIC_IDS	   0x80000017u
#define GHCB_NAE_RUN_VMPL	   0x80000018u
#define GHCB_NAE_HV_FEATURES	   0x8000fffdu
#define GHCB_NAE_TERMINATE	   0x8000fffeu
#define GHCB_NAE_UNSUPPORTED	   0x8000ffffu

/* IOIO SW_EXITINFO1 */
#define IOIO_IN		(1u << 0)
#define IOIO_STRING	(1u << 2)
#define IOIO_REP	(1u << 3)
#define IOIO_SIZE_8	(1u << 4)
#define IOIO_SIZE_16	(1u << 5)
#define IOIO_SIZE_32	(1u << 6)
#define IOIO_PORT_SHIFT 16

/* AP creation SW_EXITINFO1 */
#define AP_CREATE_ON_INIT 0u
#define AP_CREATE	  1u
#define AP_DESTROY	  2u
#define AP_VMPL_SHIFT	  16
#define AP_APIC_ID_SHIFT  32

#define DOORBELL_GET_PREFERRED 0u
#define DOORBELL_SET	       1u
#define DOORBELL_QUERY	       2u
#define DOORBELL_CLEAR	       3u

/* Page state change, 4.1.6: header and up to 253 entries in the buffer. */
#define PSC_MAX_ENTRIES	   253u
#define PSC_OP_PRIVATE	   1u
#define PSC_OP_SHARED	   2u
#define PSC_OP_PSMASH	   3u
#define PSC_OP_UNSMASH	   4u
#define PSC_CUR_PAGE	   0xfffull
#define PSC_GFN		   0x000ffffffffff000ull
#define PSC_OP_SHIFT	   52
#define PSC_2M		   (1ull << 56)
#define PSC_RESERVED	   0xfe00000000000000ull
#define PSC_ERR_BAD_HEADER 0x100000001ull
#define PSC_ERR_BAD_ENTRY  0x100000002ull
#define PSC_ERR_GENERIC	   0x10000000000ull

struct psc_buffer {
	uint16_t cur_entry;
	uint16_t end_entry; /* inclusive */
	uint32_t reserved;
	uint64_t entry[PSC_MAX_ENTRIES];
};
ABI_SIZE(struct psc_buffer, GHCB_BUFFER_SIZE);

/* Guest request SW_EXITINFO2[63:32] */
#define GUEST_REQUEST_SMALL_BUFFER 1u
#define GUEST_REQUEST_BUSY	   2u
#define GUEST_REQUEST_HOST_ERROR   0xffffffffu

/* SPDX-License-Identifier: MIT */
/* GDT, IDT and TSS layouts. AMD APM vol 2, chapters 4, 8 and 12. */
#pragma once

#include "abi/check.h"

struct desc_ptr {
	uint16_t limit;
	uint64_t base;
} ABI_PACKED;
ABI_SIZE(struct desc_ptr, 10);

struct idt_gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t ist;  /* 2:0 */
	uint8_t type; /* 0x8e interrupt gate, 0x8f trap gate, DPL in 6:5 */
	uint16_t offset_mid;
	uint32_t offset_high;
	uint32_t reserved;
};
ABI_SIZE(struct idt_gate, 16);

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7]; /* IST1 first */
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
} ABI_PACKED;
ABI_SIZE(struct tss, 104);
ABI_AT(struct tss, rsp, 4);
ABI_AT(struct tss, ist, 0x24);

#define GATE_INTERRUPT 0x8eu
#define GATE_TRAP      0x8fu

/* Flat GDT descriptors. */
#define GDT_CODE64    0x00af9b000000ffffull
#define GDT_CODE32    0x00cf9b000000ffffull
#define GDT_DATA      0x00cf93000000ffffull
#define GDT_USER_CODE 0x00affb000000ffffull
#define GDT_USER_DATA 0x00cff3000000ffffull
/* Low half of a 64-bit available TSS descriptor without base and limit. */
#define GDT_TSS_TYPE  0x0000890000000000ull

/* VMSA and VMCB form of segment attributes: type, S, DPL, P, AVL, L, D, G. */
#define SEG_CODE64   0x29bu
#define SEG_CODE32   0xc9bu
#define SEG_DATA32   0xc93u
#define SEG_CODE16   0x9bu
#define SEG_DATA16   0x93u
#define SEG_LDT	     0x82u
#define SEG_TSS_BUSY 0x8bu
#define SEG_L	     (1u << 9)
#define SEG_DB	     (1u << 10)

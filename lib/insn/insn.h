/* SPDX-License-Identifier: MIT */
/*
 * x86 instruction decoder: length, kind and memory operands, from bytes that
 * may be hostile. Pure, no allocation, never reads beyond the given bytes.
 * Encodings: AMD 24594 (APM vol 3), chapter 1 and appendix A.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSN_MAX 15u /* longest legal instruction, bytes */

/* Code size: CS.L, CS.D and EFER.LMA of the code that runs. */
enum insn_mode { INSN_16 = 2, INSN_32 = 4, INSN_64 = 8 };

enum insn_status {
	INSN_OK = 0,
	INSN_TRUNCATED, /* legal so far: fetch more bytes and try again */
	INSN_UNKNOWN,	/* not in the tables: length and operands not known */
	INSN_TOO_LONG,	/* more than 15 bytes: hardware gives #GP */
	INSN_ILLEGAL,	/* hardware gives #UD (not a full check of #UD rules) */
};

enum insn_class {
	INSN_OTHER = 0, /* length and memory operands only */
	/* what #VC handlers and intercepts see */
	INSN_CPUID,
	INSN_RDMSR,
	INSN_WRMSR,
	INSN_IN,   /* port: imm if has_imm, else DX; size = operand_size */
	INSN_OUT,  /* same */
	INSN_INS,  /* mem[0] = destination; rep */
	INSN_OUTS, /* mem[0] = source; rep */
	INSN_RDTSC,
	INSN_RDTSCP,
	INSN_RDPMC,
	INSN_HLT,
	INSN_PAUSE,
	INSN_MONITOR, /* and MONITORX; mem[0] = [rAX] */
	INSN_MWAIT,   /* and MWAITX */
	INSN_INVD,
	INSN_WBINVD, /* and WBNOINVD */
	INSN_INVLPG, /* mem[0] = address, not accessed */
	INSN_INVLPGB,
	INSN_TLBSYNC,
	INSN_VMMCALL,
	INSN_VMGEXIT,
	INSN_PVALIDATE,
	INSN_RMPADJUST,
	INSN_RMPQUERY,
	INSN_RMPUPDATE,
	INSN_PSMASH,
	INSN_XSETBV,
	INSN_CLTS,
	INSN_LMSW,	/* source: mem[0] or register rm, 2 bytes */
	INSN_SMSW,	/* destination: mem[0] or register rm */
	INSN_MOV_TO_CR, /* CR number in reg, general register in rm */
	INSN_MOV_FROM_CR,
	INSN_MOV_TO_DR, /* DR number in reg, general register in rm */
	INSN_MOV_FROM_DR,
	/* moves: enough is decoded to carry them out */
	INSN_MOV_LOAD,	/* reg <- mem[0] or rm */
	INSN_MOV_STORE, /* mem[0] or rm <- reg */
	INSN_MOV_IMM,	/* mem[0] or rm <- imm, sign-extended already */
	INSN_MOVZX,	/* reg (operand_size) <- mem[0].size bytes or rm */
	INSN_MOVSX,
	INSN_STOS, /* mem[0] <- rAX, rep */
	INSN_LODS,
	INSN_MOVS, /* mem[0] = destination, mem[1] = source; rep */
	INSN_CMPS, /* mem[0] = [rDI], mem[1] = [rSI]; rep, repne */
	INSN_SCAS,
	/* read, change, write, or compare: operands only */
	INSN_ALU,
	INSN_XCHG,
	INSN_CMPXCHG, /* also 8B and 16B */
	INSN_VECTOR,  /* SSE, AVX and x87 moves and arithmetic */
	INSN_STACK,   /* push, pop, call, ret, enter, leave */
	INSN_BRANCH,  /* jumps; with a memory operand only if indirect */
	INSN_NOP,     /* also prefetches, ENDBR: no access is made */
};

/* Numbers of registers as the machine encodes them: 0 RAX, 1 RCX, 2 RDX, 3 RBX,
 * 4 RSP, 5 RBP, 6 RSI, 7 RDI, 8..15. */
#define INSN_RAX      0u
#define INSN_RCX      1u
#define INSN_RDX      2u
#define INSN_RBX      3u
#define INSN_RSP      4u
#define INSN_RBP      5u
#define INSN_RSI      6u
#define INSN_RDI      7u
#define INSN_REG_NONE 0xffu

/* Segments as the machine encodes them. */
#define INSN_ES 0u
#define INSN_CS 1u
#define INSN_SS 2u
#define INSN_DS 3u
#define INSN_FS 4u
#define INSN_GS 5u

#define INSN_READ  1u
#define INSN_WRITE 2u

struct insn_mem {
	uint8_t base;  /* register or INSN_REG_NONE */
	uint8_t index; /* register or INSN_REG_NONE */
	uint8_t scale; /* 1, 2, 4, 8 */
	uint8_t segment;
	uint8_t access;	   /* INSN_READ, INSN_WRITE, both, or 0: address only */
	bool rip_relative; /* disp counts from the next instruction */
	bool stack;	 /* implied by push, pop, ...: uses the stack's width */
	bool bit_string; /* BT & co.: register reg holds a bit offset from here */
	uint16_t size;	 /* bytes; 0 = not known (e.g. XSAVE) */
	int64_t disp;
};

struct insn {
	uint8_t length;
	enum insn_class class;
	enum insn_mode mode;
	uint8_t operand_size;  /* bytes: 1, 2, 4, 8; vector: 0 */
	uint8_t address_size;  /* bytes: 2, 4, 8 */
	bool rep, repne, lock; /* F3, F2, F0 as prefixes */
	uint16_t opcode; /* last byte; bits 15:8: map 0, 0x0f, 0x38 or 0x3a */
	bool has_modrm;
	uint8_t reg;   /* ModRM.reg or register in the opcode, REX added */
	uint8_t rm;    /* ModRM.rm as a register, REX added; memory: REG_NONE */
	bool reg_high; /* reg is 0..3 and means bits 15:8: AH, CH, DH, BH */
	bool rm_high;
	uint8_t rm_size; /* bytes of mem[0] or rm; 0 = none or not known */
	bool has_imm;
	uint64_t imm; /* sign-extended to 64 bits; far pointers: offset */
	uint8_t mem_count;
	struct insn_mem mem[2]; /* explicit one first */
};

/*
 * Decodes the instruction at bytes[0..size). @size 0 is TRUNCATED. @out is
 * written whole in every case; only with INSN_OK does it say anything.
 */
enum insn_status insn_decode(const uint8_t *bytes, size_t size,
			     enum insn_mode mode, struct insn *out);

/* The registers an effective address is made of. */
struct insn_regs {
	uint64_t gpr[16];
	uint64_t rip;	      /* of this instruction */
	uint64_t seg_base[6]; /* in 64-bit mode only FS and GS count */
	uint8_t stack_size; /* bytes of rSP in 16/32-bit code: 2 or 4 (SS.B) */
};

/* The linear address of mem[i] (i < mem_count), before any paging. 64-bit
 * results may be non-canonical; others are below 4 GiB. */
uint64_t insn_linear(const struct insn *insn, unsigned i,
		     const struct insn_regs *regs);

/* Register @reg's low @size bytes (1, 2, 4, 8); @high: AH and friends. */
uint64_t insn_reg_get(const uint64_t gpr[16], uint8_t reg, unsigned size,
		      bool high);
/* Writing 4 bytes clears the upper half, 1 and 2 keep the rest. */
void insn_reg_set(uint64_t gpr[16], uint8_t reg, unsigned size, bool high,
		  uint64_t value);

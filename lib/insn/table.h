/* SPDX-License-Identifier: MIT */
/*
 * The decoder's opcode tables: what follows an opcode byte and what it does to
 * memory. Private to lib/insn. AMD 24594 (APM vol 3), appendix A.
 */
#pragma once

#include "lib/insn/insn.h"

/* Immediates. */
enum insn_imm {
	IMM_NONE,
	IMM_B,	   /* 1 byte, sign-extended */
	IMM_UB,	   /* 1 byte, zero-extended: ports */
	IMM_W,	   /* 2 bytes, zero-extended: RET n */
	IMM_Z,	   /* 2 or 4 bytes by operand size, sign-extended */
	IMM_V,	   /* 2, 4 or 8 bytes by operand size: MOV reg, imm */
	IMM_J,	   /* as Z, for branches */
	IMM_FAR,   /* offset, then 2-byte selector */
	IMM_ENTER, /* 2 bytes, then 1 */
	IMM_MOFFS, /* an address as wide as the address size: memory operand */
};

#define OP_KNOWN  (1u << 0)
#define OP_MODRM  (1u << 1)
#define OP_BYTE	  (1u << 2)  /* operand is one byte */
#define OP_WORD	  (1u << 3)  /* memory operand is 2 bytes */
#define OP_DWORD  (1u << 4)  /* memory operand is 4 bytes */
#define OP_D64	  (1u << 5)  /* operand size is 8 by default in 64-bit code */
#define OP_NOT64  (1u << 6)  /* #UD in 64-bit code */
#define OP_MEM	  (1u << 7)  /* register form is not valid */
#define OP_REG	  (1u << 8)  /* ModRM always names a register */
#define OP_GROUP  (1u << 9)  /* ModRM.reg says more: insn_group() */
#define OP_VECTOR (1u << 10) /* size from insn_vector_size() */
#define OP_PUSH	  (1u << 11)
#define OP_POP	  (1u << 12)
#define OP_LOCK	  (1u << 13) /* LOCK is legal with a memory destination */
#define OP_OPREG  (1u << 14) /* register in opcode bits 2:0 */
#define OP_BITS	  (1u << 15) /* bit string in memory: BT, BTS, BTR, BTC */

struct insn_op {
	uint16_t flags;
	uint8_t class;
	uint8_t access; /* of the ModRM memory operand */
	uint8_t imm;
};

/* Mandatory prefix of a SIMD opcode. */
enum insn_simd { SIMD_NONE, SIMD_66, SIMD_F3, SIMD_F2 };

/* What the opcode byte alone cannot say. */
struct insn_ctx {
	uint16_t opcode; /* as in struct insn */
	uint8_t modrm;
	enum insn_simd simd;
	enum insn_mode mode;
	uint8_t operand_size;
	bool vex, wide, vex_l; /* VEX encoding; REX.W or VEX.W; VEX.L */
};

/* Flags 0: not known. */
struct insn_op insn_op_one(uint8_t opcode);
struct insn_op insn_op_0f(uint8_t opcode);
struct insn_op insn_op_38(const struct insn_ctx *ctx);
struct insn_op insn_op_3a(const struct insn_ctx *ctx);

/* Corrects @op by ModRM and prefixes; flags 0: not known. Returns false for an
 * encoding that is #UD. @size: memory operand's bytes when not standard. */
bool insn_group(const struct insn_ctx *ctx, struct insn_op *op, uint16_t *size);

/* May VEX encode this opcode of map 0x0f? Corrects @op for prefixes, too. */
bool insn_simd_0f(const struct insn_ctx *ctx, struct insn_op *op);

/* Memory bytes of a SIMD instruction; 0 = not known. */
uint16_t insn_vector_size(const struct insn_ctx *ctx);

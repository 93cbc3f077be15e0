/* SPDX-License-Identifier: MIT */
/* Opcodes whose meaning depends on ModRM: groups, x87, MOV of segments. */
#include "lib/insn/table.h"

#define R  INSN_READ
#define W  INSN_WRITE
#define RW (INSN_READ | INSN_WRITE)

static bool is_memory(const struct insn_ctx *c)
{
	return c->modrm >> 6 != 3;
}

static unsigned reg_of(const struct insn_ctx *c)
{
	return c->modrm >> 3 & 7;
}

static bool unknown(struct insn_op *op)
{
	op->flags = 0;
	return true;
}

static void set(struct insn_op *op, enum insn_class class, uint8_t access)
{
	op->class = (uint8_t) class;
	op->access = access;
}

/* x87 memory operands: 16 bits for each reg: bytes, 0x8000 = store. */
static bool x87(const struct insn_ctx *c, struct insn_op *op, uint16_t *size)
{
	static const uint16_t form[8][8] = {
		{ 4, 4, 4, 4, 4, 4, 4, 4 },
		{ 4, 0, 0x8004, 0x8004, 28, 2, 0x801c, 0x8002 },
		{ 4, 4, 4, 4, 4, 4, 4, 4 },
		{ 4, 0x8004, 0x8004, 0x8004, 0, 10, 0, 0x800a },
		{ 8, 8, 8, 8, 8, 8, 8, 8 },
		{ 8, 0x8008, 0x8008, 0x8008, 108, 0, 0x806c, 0x8002 },
		{ 2, 2, 2, 2, 2, 2, 2, 2 },
		{ 2, 0x8002, 0x8002, 0x8002, 10, 8, 0x800a, 0x8008 },
	};
	uint16_t f = form[c->opcode & 7][reg_of(c)];

	if (!is_memory(c))
		return true;
	*size = f & 0xfff;
	/* environments are smaller with 16-bit operands */
	if (*size >= 28 && c->operand_size == 2)
		*size -= 14;
	op->access = f & 0x8000 ? W : R;
	return f != 0;
}

static bool group_3(const struct insn_ctx *c, struct insn_op *op)
{
	unsigned reg = reg_of(c);

	if (reg == 2 || reg == 3) {
		op->flags |= OP_LOCK;
		return true;
	}
	op->access = R;
	if (reg < 2)
		op->imm = c->opcode & 1 ? IMM_Z : IMM_B;
	return true;
}

static bool group_5(const struct insn_ctx *c, struct insn_op *op,
		    uint16_t *size)
{
	unsigned reg = reg_of(c);

	if (reg < 2) {
		op->flags |= OP_LOCK;
		return true;
	}
	if (c->opcode == 0xfe || reg == 7)
		return false;
	set(op, INSN_STACK, R);
	if (reg == 3 || reg == 5) { /* far, through memory */
		*size = c->operand_size + 2;
		op->flags |= OP_MEM;
	} else {
		op->flags |= OP_D64;
	}
	if (reg == 4 || reg == 5)
		op->class = INSN_BRANCH;
	else
		op->flags |= OP_PUSH;
	return true;
}

static bool group_7_memory(const struct insn_ctx *c, struct insn_op *op,
			   uint16_t *size)
{
	unsigned reg = reg_of(c);

	switch (reg) {
	case 0:
	case 1:
	case 2:
	case 3:
		set(op, INSN_OTHER, reg < 2 ? W : R);
		*size = c->mode == INSN_64 ? 10 : 6;
		return true;
	case 4:
		set(op, INSN_SMSW, W);
		op->flags |= OP_WORD;
		return true;
	case 6:
		set(op, INSN_LMSW, R);
		op->flags |= OP_WORD;
		return true;
	case 7:
		set(op, INSN_INVLPG, 0);
		return true;
	default:
		return unknown(op);
	}
}

/* Three instructions each share one of FD, FE, FF; prefixes tell them apart. */
static enum insn_class rmp_class(const struct insn_ctx *c)
{
	static const uint8_t class[3][4] = {
		{ INSN_OTHER, INSN_OTHER, INSN_RMPQUERY, INSN_OTHER },
		{ INSN_INVLPGB, INSN_INVLPGB, INSN_RMPADJUST, INSN_RMPUPDATE },
		{ INSN_TLBSYNC, INSN_TLBSYNC, INSN_PSMASH, INSN_PVALIDATE },
	};

	return (enum insn_class) class[c->modrm - 0xfd][c->simd];
}

static bool group_7(const struct insn_ctx *c, struct insn_op *op,
		    uint16_t *size)
{
	static const struct {
		uint8_t modrm, class;
	} simple[] = {
		{ 0xc8, INSN_MONITOR }, { 0xc9, INSN_MWAIT },
		{ 0xca, INSN_OTHER },	{ 0xcb, INSN_OTHER },
		{ 0xd0, INSN_OTHER },	{ 0xd1, INSN_XSETBV },
		{ 0xd8, INSN_OTHER },	{ 0xda, INSN_OTHER },
		{ 0xdb, INSN_OTHER },	{ 0xdc, INSN_OTHER },
		{ 0xdd, INSN_OTHER },	{ 0xde, INSN_OTHER },
		{ 0xdf, INSN_OTHER },	{ 0xee, INSN_OTHER },
		{ 0xef, INSN_OTHER },	{ 0xf8, INSN_OTHER },
		{ 0xf9, INSN_RDTSCP },	{ 0xfa, INSN_MONITOR },
		{ 0xfb, INSN_MWAIT },	{ 0xfc, INSN_OTHER },
	};

	if (is_memory(c))
		return group_7_memory(c, op, size);
	if (c->modrm == 0xd9)
		op->class = c->simd >= SIMD_F3 ? INSN_VMGEXIT : INSN_VMMCALL;
	else if (c->modrm >= 0xfd)
		op->class = (uint8_t)rmp_class(c);
	else if (reg_of(c) == 4)
		op->class = INSN_SMSW;
	else if (reg_of(c) == 6)
		op->class = INSN_LMSW;
	else
		op->flags = 0;
	/* MCOMMIT shares MONITORX's byte */
	if (c->modrm == 0xfa && c->simd == SIMD_F3)
		return unknown(op);
	for (unsigned i = 0; i < sizeof(simple) / sizeof(simple[0]); i++) {
		if (simple[i].modrm != c->modrm)
			continue;
		op->class = simple[i].class;
		op->flags = OP_KNOWN | OP_MODRM;
	}
	return true;
}

static bool group_15(const struct insn_ctx *c, struct insn_op *op,
		     uint16_t *size)
{
	static const uint16_t bytes[8] = { 512, 512, 4, 4, 0, 0, 0, 0 };
	/* XSAVE reads the header it updates; CLFLUSH checks like a load */
	static const uint8_t access[8] = { W, R, R, W, RW, R, RW, R };
	unsigned reg = reg_of(c);

	if (!is_memory(c)) {
		bool fence = c->simd == SIMD_NONE && reg >= 5;
		bool base = c->simd == SIMD_F3 && reg < 4 && c->mode == INSN_64;

		return fence || base ? true : unknown(op);
	}
	if (c->simd == SIMD_66 && reg >= 6) { /* CLWB, CLFLUSHOPT */
		op->access = R;
		return true;
	}
	*size = bytes[reg];
	op->access = access[reg];
	return c->simd == SIMD_NONE ? true : unknown(op);
}

static bool group_9(const struct insn_ctx *c, struct insn_op *op,
		    uint16_t *size)
{
	unsigned reg = reg_of(c);

	if (!is_memory(c)) {
		bool random = reg >= 6 && c->simd <= SIMD_66;
		bool pid = reg == 7 && c->simd == SIMD_F3;

		return random || pid ? true : unknown(op);
	}
	if (reg == 1) {
		set(op, INSN_CMPXCHG, RW);
		op->flags |= OP_LOCK;
		*size = c->operand_size == 8 ? 16 : 8;
		return true;
	}
	if (reg < 3 || reg > 5 || c->simd != SIMD_NONE)
		return unknown(op);
	op->access = reg == 3 ? R : W; /* XRSTORS, XSAVEC, XSAVES */
	return true;
}

static bool group_one(const struct insn_ctx *c, struct insn_op *op,
		      uint16_t *size)
{
	unsigned reg = reg_of(c);

	switch (c->opcode) {
	case 0x62: /* BOUND, or EVEX */
		*size = 2 * c->operand_size;
		return is_memory(c) && c->mode != INSN_64 ? true : unknown(op);
	case 0x63: /* ARPL before 64-bit code */
		op->flags |= c->mode == INSN_64 ? OP_DWORD : OP_WORD;
		if (c->mode != INSN_64)
			set(op, INSN_OTHER, RW);
		return true;
	case 0x80 ... 0x83:
		op->access = reg == 7 ? R : RW;
		op->flags |= reg == 7 ? 0 : OP_LOCK;
		return true;
	case 0x8c:
		return reg <= 5;
	case 0x8e:
		return reg <= 5 && reg != 1;
	case 0x8f: /* or XOP */
		return reg == 0 ? true : unknown(op);
	case 0x90:
		op->class = c->simd == SIMD_F3 ? INSN_PAUSE : INSN_NOP;
		return true;
	case 0xc4 ... 0xc5:
		*size = c->operand_size + 2;
		return true;
	case 0xc6 ... 0xc7: /* or XABORT, XBEGIN */
		return reg == 0 ? true : unknown(op);
	case 0xd8 ... 0xdf:
		return x87(c, op, size);
	case 0xf6 ... 0xf7:
		return group_3(c, op);
	case 0xfe ... 0xff:
		return group_5(c, op, size);
	default:
		return true;
	}
}

bool insn_group(const struct insn_ctx *c, struct insn_op *op, uint16_t *size)
{
	unsigned reg = reg_of(c);

	switch (c->opcode) {
	case 0x0f00:
		op->access = reg < 2 ? W : R;
		return reg < 6;
	case 0x0f01:
		return group_7(c, op, size);
	case 0x0fae:
		return group_15(c, op, size);
	case 0x0fb2:
	case 0x0fb4 ... 0x0fb5:
		*size = c->operand_size + 2;
		return true;
	case 0x0fb8:
		return c->simd == SIMD_F3 ? true : unknown(op);
	case 0x0fba:
		op->access = reg == 4 ? R : RW;
		op->flags |= reg == 4 ? 0 : OP_LOCK;
		return reg >= 4;
	case 0x0fc3: /* MOVNTI: 4 or 8 bytes in any mode */
		*size = c->wide ? 8 : 4;
		return c->simd == SIMD_NONE ? true : unknown(op);
	case 0x0fc7:
		return group_9(c, op, size);
	default:
		return c->opcode < 0x100 ? group_one(c, op, size) : true;
	}
}

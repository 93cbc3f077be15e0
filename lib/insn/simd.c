/* SPDX-License-Identifier: MIT */
/*
 * SIMD opcodes of maps 0F, 0F38 and 0F3A, legacy and VEX: which mandatory
 * prefixes are known and how many bytes of memory are touched. EVEX, XOP,
 * gathers and AMX are not known.
 */
#include "lib/insn/table.h"

#define N   (1u << SIMD_NONE)
#define P   (1u << SIMD_66)
#define F3  (1u << SIMD_F3)
#define F2  (1u << SIMD_F2)
#define ALL (N | P | F3 | F2)

#define R INSN_READ
#define W INSN_WRITE

/* Memory sizes; with VEX.L those in the middle double. */
enum width {
	FULL,	 /* 16, L: 32 */
	HALF,	 /* 8, L: 16 */
	QUARTER, /* 4, L: 8 */
	EIGHTH,	 /* 2, L: 4 */
	DUP,	 /* 8, L: 32: MOVDDUP */
	B1,
	B2,
	B4,
	B8,
	B16,
	GPR,   /* 4, W in 64-bit code: 8 */
	FLOAT, /* 4, W: 8 */
	NOMEM, /* register form only */
};

struct simd_row {
	uint8_t first, last;
	uint8_t legacy, vex; /* prefixes it is known with */
	uint8_t width, access;
	uint16_t flags;
};

static const struct simd_row map_0f[] = {
	{ 0x10, 0x11, N | P, N | P, FULL, 0, 0 },
	{ 0x10, 0x11, F3, F3, B4, 0, 0 },
	{ 0x10, 0x11, F2, F2, B8, 0, 0 },
	{ 0x12, 0x12, N | P, N | P, B8, 0, 0 },
	{ 0x12, 0x12, F3, F3, FULL, 0, 0 },
	{ 0x12, 0x12, F2, F2, DUP, 0, 0 },
	{ 0x13, 0x13, N | P, N | P, B8, 0, 0 },
	{ 0x14, 0x15, N | P, N | P, FULL, 0, 0 },
	{ 0x16, 0x16, N | P, N | P, B8, 0, 0 },
	{ 0x16, 0x16, F3, F3, FULL, 0, 0 },
	{ 0x17, 0x17, N | P, N | P, B8, 0, 0 },
	{ 0x28, 0x29, N | P, N | P, FULL, 0, 0 },
	{ 0x2a, 0x2a, N | P, 0, B8, 0, 0 },
	{ 0x2a, 0x2a, F3 | F2, F3 | F2, GPR, 0, 0 },
	{ 0x2b, 0x2b, N | P, N | P, FULL, 0, 0 },
	{ 0x2c, 0x2d, N, 0, B8, 0, 0 },
	{ 0x2c, 0x2d, P, 0, B16, 0, 0 },
	{ 0x2c, 0x2d, F3, F3, B4, 0, 0 },
	{ 0x2c, 0x2d, F2, F2, B8, 0, 0 },
	{ 0x2e, 0x2f, N, N, B4, 0, 0 },
	{ 0x2e, 0x2f, P, P, B8, 0, 0 },
	{ 0x50, 0x50, N | P, N | P, NOMEM, 0, 0 },
	{ 0x51, 0x53, N, N, FULL, 0, 0 },
	{ 0x51, 0x51, P, P, FULL, 0, 0 },
	{ 0x51, 0x53, F3, F3, B4, 0, 0 },
	{ 0x51, 0x51, F2, F2, B8, 0, 0 },
	{ 0x54, 0x57, N | P, N | P, FULL, 0, 0 },
	{ 0x58, 0x59, N | P, N | P, FULL, 0, 0 },
	{ 0x58, 0x5a, F3, F3, B4, 0, 0 },
	{ 0x58, 0x5a, F2, F2, B8, 0, 0 },
	{ 0x5a, 0x5a, N, N, HALF, 0, 0 },
	{ 0x5a, 0x5a, P, P, FULL, 0, 0 },
	{ 0x5b, 0x5b, N | P | F3, N | P | F3, FULL, 0, 0 },
	{ 0x5c, 0x5f, N | P, N | P, FULL, 0, 0 },
	{ 0x5c, 0x5f, F3, F3, B4, 0, 0 },
	{ 0x5c, 0x5f, F2, F2, B8, 0, 0 },
	{ 0x60, 0x62, N, 0, B4, 0, 0 },
	{ 0x63, 0x6b, N, 0, B8, 0, 0 },
	{ 0x60, 0x6d, P, P, FULL, 0, 0 },
	{ 0x6e, 0x6e, N | P, P, GPR, 0, 0 },
	{ 0x6f, 0x6f, N, 0, B8, 0, 0 },
	{ 0x6f, 0x6f, P | F3, P | F3, FULL, 0, 0 },
	{ 0x70, 0x70, N, 0, B8, 0, 0 },
	{ 0x70, 0x70, P | F3 | F2, P | F3 | F2, FULL, 0, 0 },
	{ 0x71, 0x73, N | P, P, NOMEM, 0, 0 },
	{ 0x74, 0x76, N, 0, B8, 0, 0 },
	{ 0x74, 0x76, P, P, FULL, 0, 0 },
	{ 0x77, 0x77, N, N, NOMEM, 0, 0 },
	{ 0x7c, 0x7d, P | F2, P | F2, FULL, 0, 0 },
	{ 0x7e, 0x7e, N | P, P, GPR, 0, 0 },
	{ 0x7e, 0x7e, F3, F3, B8, 0, 0 },
	{ 0x7f, 0x7f, N, 0, B8, 0, 0 },
	{ 0x7f, 0x7f, P | F3, P | F3, FULL, 0, 0 },
	{ 0xc2, 0xc2, N | P, N | P, FULL, 0, 0 },
	{ 0xc2, 0xc2, F3, F3, B4, 0, 0 },
	{ 0xc2, 0xc2, F2, F2, B8, 0, 0 },
	{ 0xc4, 0xc4, N | P, P, B2, 0, 0 },
	{ 0xc5, 0xc5, N | P, P, NOMEM, 0, 0 },
	{ 0xc6, 0xc6, N | P, N | P, FULL, 0, 0 },
	{ 0xd0, 0xd0, P | F2, P | F2, FULL, 0, 0 },
	{ 0xd1, 0xd3, P, P, B16, 0, 0 }, /* shift counts */
	{ 0xd4, 0xd5, P, P, FULL, 0, 0 },
	{ 0xd6, 0xd6, P, P, B8, 0, 0 },
	{ 0xd6, 0xd6, F3 | F2, 0, NOMEM, 0, 0 },
	{ 0xd7, 0xd7, N | P, P, NOMEM, 0, 0 },
	{ 0xd1, 0xd5, N, 0, B8, 0, 0 },
	{ 0xd8, 0xe5, N, 0, B8, 0, 0 },
	{ 0xe1, 0xe2, P, P, B16, 0, 0 },
	{ 0xd8, 0xe5, P, P, FULL, 0, 0 },
	{ 0xe6, 0xe6, P | F2, P | F2, FULL, 0, 0 },
	{ 0xe6, 0xe6, F3, F3, HALF, 0, 0 },
	{ 0xe7, 0xef, N, 0, B8, 0, 0 },
	{ 0xe7, 0xef, P, P, FULL, 0, 0 },
	{ 0xf0, 0xf0, F2, F2, FULL, 0, 0 },
	{ 0xf7, 0xf7, N | P, P, NOMEM, 0, 0 },
	{ 0xf1, 0xfe, N, 0, B8, 0, 0 },
	{ 0xf1, 0xf3, P, P, B16, 0, 0 },
	{ 0xf4, 0xfe, P, P, FULL, 0, 0 },
};

static const struct simd_row map_38[] = {
	{ 0x00, 0x0b, N, 0, B8, R, 0 },
	{ 0x00, 0x0b, P, P, FULL, R, 0 },
	{ 0x0c, 0x0f, 0, P, FULL, R, 0 },
	{ 0x10, 0x10, P, 0, B16, R, 0 },
	{ 0x13, 0x13, 0, P, HALF, R, 0 },
	{ 0x14, 0x15, P, 0, B16, R, 0 },
	{ 0x16, 0x16, 0, P, FULL, R, 0 },
	{ 0x17, 0x17, P, P, FULL, R, 0 },
	{ 0x18, 0x18, 0, P, B4, R, 0 },
	{ 0x19, 0x19, 0, P, B8, R, 0 },
	{ 0x1a, 0x1a, 0, P, B16, R, OP_MEM },
	{ 0x1c, 0x1e, N, 0, B8, R, 0 },
	{ 0x1c, 0x1e, P, P, FULL, R, 0 },
	{ 0x20, 0x20, P, P, HALF, R, 0 },
	{ 0x21, 0x21, P, P, QUARTER, R, 0 },
	{ 0x22, 0x22, P, P, EIGHTH, R, 0 },
	{ 0x23, 0x23, P, P, HALF, R, 0 },
	{ 0x24, 0x24, P, P, QUARTER, R, 0 },
	{ 0x25, 0x25, P, P, HALF, R, 0 },
	{ 0x28, 0x29, P, P, FULL, R, 0 },
	{ 0x2a, 0x2a, P, P, FULL, R, OP_MEM },
	{ 0x2b, 0x2b, P, P, FULL, R, 0 },
	{ 0x2c, 0x2d, 0, P, FULL, R, OP_MEM },
	{ 0x2e, 0x2f, 0, P, FULL, W, OP_MEM },
	{ 0x30, 0x30, P, P, HALF, R, 0 },
	{ 0x31, 0x31, P, P, QUARTER, R, 0 },
	{ 0x32, 0x32, P, P, EIGHTH, R, 0 },
	{ 0x33, 0x33, P, P, HALF, R, 0 },
	{ 0x34, 0x34, P, P, QUARTER, R, 0 },
	{ 0x35, 0x35, P, P, HALF, R, 0 },
	{ 0x36, 0x36, 0, P, FULL, R, 0 },
	{ 0x37, 0x40, P, P, FULL, R, 0 },
	{ 0x41, 0x41, P, P, B16, R, 0 },
	{ 0x45, 0x47, 0, P, FULL, R, 0 },
	{ 0x58, 0x58, 0, P, B4, R, 0 },
	{ 0x59, 0x59, 0, P, B8, R, 0 },
	{ 0x5a, 0x5a, 0, P, B16, R, OP_MEM },
	{ 0x78, 0x78, 0, P, B1, R, 0 },
	{ 0x79, 0x79, 0, P, B2, R, 0 },
	{ 0x82, 0x82, P, 0, B16, R, OP_MEM }, /* INVPCID */
	{ 0x8c, 0x8c, 0, P, FULL, R, OP_MEM },
	{ 0x8e, 0x8e, 0, P, FULL, W, OP_MEM },
	{ 0xc8, 0xcd, N, 0, B16, R, 0 },
	{ 0xdb, 0xdb, P, P, B16, R, 0 },
	{ 0xdc, 0xdf, P, P, FULL, R, 0 },
	{ 0xf0, 0xf0, N | P, 0, GPR, R, OP_MEM }, /* MOVBE */
	{ 0xf1, 0xf1, N | P, 0, GPR, W, OP_MEM },
	{ 0xf0, 0xf0, F2, 0, B1, R, 0 }, /* CRC32 */
	{ 0xf1, 0xf1, F2, 0, GPR, R, 0 },
	{ 0xf6, 0xf6, P | F3, F2, GPR, R, 0 }, /* ADCX ADOX, MULX */
	{ 0xf2, 0xf2, 0, N, GPR, R, 0 },
	{ 0xf3, 0xf3, 0, N, GPR, R, 0 },
	{ 0xf5, 0xf5, 0, N | F3 | F2, GPR, R, 0 },
	{ 0xf7, 0xf7, 0, ALL, GPR, R, 0 },
};

static const struct simd_row map_3a[] = {
	{ 0x00, 0x02, 0, P, FULL, R, 0 }, { 0x04, 0x06, 0, P, FULL, R, 0 },
	{ 0x08, 0x09, P, P, FULL, R, 0 }, { 0x0a, 0x0a, P, P, B4, R, 0 },
	{ 0x0b, 0x0b, P, P, B8, R, 0 },	  { 0x0c, 0x0f, P, P, FULL, R, 0 },
	{ 0x0f, 0x0f, N, 0, B8, R, 0 },	  { 0x14, 0x14, P, P, B1, W, 0 },
	{ 0x15, 0x15, P, P, B2, W, 0 },	  { 0x16, 0x16, P, P, GPR, W, 0 },
	{ 0x17, 0x17, P, P, B4, W, 0 },	  { 0x18, 0x18, 0, P, B16, R, 0 },
	{ 0x19, 0x19, 0, P, B16, W, 0 },  { 0x1d, 0x1d, 0, P, HALF, W, 0 },
	{ 0x20, 0x20, P, P, B1, R, 0 },	  { 0x21, 0x21, P, P, B4, R, 0 },
	{ 0x22, 0x22, P, P, GPR, R, 0 },  { 0x38, 0x38, 0, P, B16, R, 0 },
	{ 0x39, 0x39, 0, P, B16, W, 0 },  { 0x40, 0x40, P, P, FULL, R, 0 },
	{ 0x41, 0x41, P, P, B16, R, 0 },  { 0x42, 0x42, P, P, FULL, R, 0 },
	{ 0x44, 0x44, P, P, FULL, R, 0 }, { 0x46, 0x46, 0, P, FULL, R, 0 },
	{ 0x4a, 0x4c, 0, P, FULL, R, 0 }, { 0x60, 0x63, P, P, B16, R, 0 },
	{ 0xcc, 0xcc, N, 0, B16, R, 0 },  { 0xdf, 0xdf, P, P, B16, R, 0 },
	{ 0xf0, 0xf0, 0, F2, GPR, R, 0 },
};

#define ROWS(map) (sizeof(map) / sizeof((map)[0]))

static const struct simd_row *row_find(const struct insn_ctx *c)
{
	const struct simd_row *rows = map_0f;
	size_t count = ROWS(map_0f);
	uint8_t op = (uint8_t)c->opcode;

	if (c->opcode >> 8 == 0x38) {
		rows = map_38;
		count = ROWS(map_38);
	} else if (c->opcode >> 8 == 0x3a) {
		rows = map_3a;
		count = ROWS(map_3a);
	}
	for (size_t i = 0; i < count; i++) {
		uint8_t known = c->vex ? rows[i].vex : rows[i].legacy;

		if (op >= rows[i].first && op <= rows[i].last &&
		    known >> c->simd & 1)
			return &rows[i];
	}
	return NULL;
}

bool insn_simd_0f(const struct insn_ctx *c, struct insn_op *op)
{
	const struct simd_row *row = row_find(c);

	if (!row)
		return false;
	if (row->width == NOMEM && (op->flags & OP_MODRM))
		op->flags |= OP_REG;
	if (c->opcode == 0x0f7e && c->simd == SIMD_F3)
		op->access = R; /* the one load among the stores of 7E */
	return true;
}

/* Fused multiply-add: three blocks of ten, VEX only. */
static bool is_fma(const struct insn_ctx *c)
{
	uint8_t op = (uint8_t)c->opcode;

	return c->vex && c->opcode >> 8 == 0x38 && c->simd == SIMD_66 &&
	       op >= 0x96 && op <= 0xbf && (op & 15) >= 6;
}

static struct insn_op row_op(const struct insn_ctx *c, uint8_t imm)
{
	const struct simd_row *row = row_find(c);
	struct insn_op op = { .class = INSN_VECTOR, .imm = imm };
	uint16_t flags = OP_KNOWN | OP_MODRM | OP_VECTOR;

	if (is_fma(c)) {
		op.flags = flags;
		op.access = R;
	} else if (row) {
		op.flags = flags | row->flags;
		op.access = row->access;
	}
	return op;
}

struct insn_op insn_op_38(const struct insn_ctx *c)
{
	return row_op(c, IMM_NONE);
}

struct insn_op insn_op_3a(const struct insn_ctx *c)
{
	return row_op(c, IMM_B);
}

static uint16_t gpr_size(const struct insn_ctx *c)
{
	/* CRC32 and MOVBE obey the operand size, the others only W */
	if (!c->vex && c->opcode >> 8 == 0x38 && (c->opcode & 0xfe) == 0xf0)
		return c->operand_size;
	return c->wide && c->mode == INSN_64 ? 8 : 4;
}

static uint16_t width_bytes(const struct insn_ctx *c, enum width width)
{
	unsigned l = c->vex && c->vex_l;

	switch (width) {
	case FULL:
		return (uint16_t)(16u << l);
	case HALF:
		return (uint16_t)(8u << l);
	case QUARTER:
		return (uint16_t)(4u << l);
	case EIGHTH:
		return (uint16_t)(2u << l);
	case DUP:
		return l ? 32 : 8;
	case B1:
		return 1;
	case B2:
		return 2;
	case B4:
		return 4;
	case B8:
		return 8;
	case B16:
		return 16;
	case GPR:
		return gpr_size(c);
	case FLOAT:
		return c->wide ? 8 : 4;
	default:
		return 0;
	}
}

uint16_t insn_vector_size(const struct insn_ctx *c)
{
	const struct simd_row *row = row_find(c);
	uint8_t low = c->opcode & 15;

	if (is_fma(c)) /* odd ones from 9 on are scalar */
		return width_bytes(c, low >= 9 && (low & 1) ? FLOAT : FULL);
	return row ? width_bytes(c, (enum width)row->width) : 0;
}

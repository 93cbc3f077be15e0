/* SPDX-License-Identifier: MIT */
/* ModRM, SIB, displacement, immediate, and the operands they make. */
#include "lib/insn/decoder.h"

static int64_t sign_extend(uint64_t v, unsigned bytes)
{
	unsigned unused = (64 - 8 * bytes) % 64; /* no bytes: v is 0 */

	return (int64_t)(v << unused) >> unused;
}

static struct insn_mem *mem_add(struct decoder *d)
{
	struct insn_mem *m = &d->insn->mem[d->insn->mem_count++];

	*m = (struct insn_mem){
		.base = INSN_REG_NONE,
		.index = INSN_REG_NONE,
		.scale = 1,
		.segment = INSN_DS,
	};
	return m;
}

static void modrm_16(struct decoder *d, struct insn_mem *m)
{
	static const uint8_t base[8] = {
		INSN_RBX, INSN_RBX, INSN_RBP, INSN_RBP,
		INSN_RSI, INSN_RDI, INSN_RBP, INSN_RBX
	};
	static const uint8_t index[4] = { INSN_RSI, INSN_RDI, INSN_RSI,
					  INSN_RDI };
	unsigned mod = d->ctx.modrm >> 6, rm = d->ctx.modrm & 7;

	if (mod == 0 && rm == 6) {
		m->disp = sign_extend(insn_next_le(d, 2), 2);
		return;
	}
	m->base = base[rm];
	if (rm < 4)
		m->index = index[rm];
	if (m->base == INSN_RBP)
		m->segment = INSN_SS;
	if (mod)
		m->disp = sign_extend(insn_next_le(d, mod), mod);
}

static void take_sib(struct decoder *d, struct insn_mem *m)
{
	uint8_t sib = insn_next(d);
	uint8_t index = (sib >> 3 & 7) | (d->rex & REX_X ? 8 : 0);
	unsigned mod = d->ctx.modrm >> 6;

	m->scale = (uint8_t)(1u << (sib >> 6));
	if (index != INSN_RSP) /* but R12 can be an index */
		m->index = index;
	else
		m->scale = 1;
	m->base = (sib & 7) | (d->rex & REX_B ? 8 : 0);
	if ((sib & 7) == INSN_RBP && mod == 0)
		m->base = INSN_REG_NONE;
}

static void modrm_32(struct decoder *d, struct insn_mem *m)
{
	unsigned mod = d->ctx.modrm >> 6, rm = d->ctx.modrm & 7;
	bool disp32 = mod == 2;

	if (rm == INSN_RSP) {
		take_sib(d, m);
		disp32 |= m->base == INSN_REG_NONE;
	} else if (rm == INSN_RBP && mod == 0) {
		m->rip_relative = insn_is_64(d);
		disp32 = true;
	} else {
		m->base = (uint8_t)(rm | (d->rex & REX_B ? 8 : 0));
	}
	if (m->base == INSN_RSP || m->base == INSN_RBP)
		m->segment = INSN_SS;
	if (mod == 1)
		m->disp = sign_extend(insn_next(d), 1);
	else if (disp32)
		m->disp = sign_extend(insn_next_le(d, 4), 4);
}

/* AH, CH, DH, BH exist only where no REX is given. */
static bool is_high(const struct decoder *d, uint8_t reg, unsigned size)
{
	return size == 1 && !d->rex && reg >= 4;
}

static uint16_t memory_size(const struct decoder *d)
{
	/* LEA, INVLPG, prefetches: an address, no access */
	if (d->special_size || !d->op.access)
		return d->special_size;
	if (d->op.flags & OP_VECTOR)
		return insn_vector_size(&d->ctx);
	if (d->op.flags & OP_WORD)
		return 2;
	if (d->op.flags & OP_DWORD)
		return 4;
	if ((d->op.flags & OP_BYTE) || d->ctx.opcode == 0x0fb6 ||
	    d->ctx.opcode == 0x0fbe)
		return 1;
	/* FXSAVE's family and XSAVES: length depends on the machine */
	if (d->ctx.opcode == 0x0fae || d->ctx.opcode == 0x0fc7)
		return 0;
	return d->insn->operand_size;
}

void insn_take_modrm(struct decoder *d)
{
	d->ctx.modrm = insn_next(d);
	d->insn->has_modrm = true;
	/* moves of CR and DR ignore mod; others demand a register */
	if ((d->op.flags & OP_REG) && !(d->op.flags & OP_VECTOR))
		d->ctx.modrm |= 0xc0;
	if ((d->op.flags & OP_REG) && d->ctx.modrm >> 6 != 3)
		insn_fail(d, INSN_ILLEGAL);
	if (d->status == INSN_OK && (d->op.flags & OP_GROUP) &&
	    !insn_group(&d->ctx, &d->op, &d->special_size))
		insn_fail(d, INSN_ILLEGAL);
	if (!(d->op.flags & OP_KNOWN))
		insn_fail(d, INSN_UNKNOWN);
	if ((d->op.flags & OP_MEM) && d->ctx.modrm >> 6 == 3)
		insn_fail(d, INSN_ILLEGAL);
	d->insn->reg = (d->ctx.modrm >> 3 & 7) | (d->rex & REX_R ? 8 : 0);
	if (d->ctx.modrm >> 6 == 3) {
		d->insn->rm = (d->ctx.modrm & 7) | (d->rex & REX_B ? 8 : 0);
		return;
	}
	if (d->insn->address_size == 2)
		modrm_16(d, mem_add(d));
	else
		modrm_32(d, mem_add(d));
}

/* Operand size: what 64-bit code widens, and single bytes. */
static void fix_operand_size(struct decoder *d)
{
	struct insn *i = d->insn;

	if (insn_is_64(d) && (d->op.flags & OP_D64) && !d->has_66)
		i->operand_size = 8;
	if (d->op.flags & OP_BYTE)
		i->operand_size = 1;
	if (d->op.flags & OP_VECTOR)
		i->operand_size = 0;
	if (i->class >= INSN_MOV_TO_CR && i->class <= INSN_MOV_FROM_DR)
		i->operand_size = insn_is_64(d) ? 8 : 4;
	/* ports are at most 4 bytes wide */
	if (i->class >= INSN_IN && i->class <= INSN_OUTS &&
	    i->operand_size == 8)
		i->operand_size = 4;
}

static void take_moffs(struct decoder *d)
{
	struct insn_mem *m = mem_add(d);

	m->disp = (int64_t)insn_next_le(d, d->insn->address_size);
	m->access = d->op.access;
	m->size = d->insn->operand_size;
	d->insn->reg = INSN_RAX;
	d->insn->rm_size = d->insn->operand_size;
}

void insn_take_imm(struct decoder *d)
{
	struct insn *i = d->insn;
	unsigned size, z;

	fix_operand_size(d);
	size = i->operand_size;
	z = size == 2 ? 2 : 4;
	i->has_imm = d->op.imm != IMM_NONE && d->op.imm != IMM_MOFFS;
	switch ((enum insn_imm)d->op.imm) {
	case IMM_NONE:
		break;
	case IMM_B:
		i->imm = (uint64_t)sign_extend(insn_next(d), 1);
		break;
	case IMM_UB:
		i->imm = insn_next(d);
		break;
	case IMM_W:
		i->imm = insn_next_le(d, 2);
		break;
	case IMM_Z:
	case IMM_J:
		i->imm = (uint64_t)sign_extend(insn_next_le(d, z), z);
		break;
	case IMM_V:
		i->imm = (uint64_t)sign_extend(insn_next_le(d, size), size);
		break;
	case IMM_FAR:
		i->imm = insn_next_le(d, z);
		insn_next_le(d, 2);
		break;
	case IMM_ENTER:
		i->imm = insn_next_le(d, 2);
		insn_next(d);
		break;
	case IMM_MOFFS:
		take_moffs(d);
		break;
	}
}

static void add_string(struct decoder *d, uint8_t reg, uint8_t access)
{
	struct insn_mem *m = mem_add(d);

	m->base = reg;
	m->access = access;
	m->size = d->insn->operand_size;
	if (reg == INSN_RDI)
		m->segment = INSN_ES;
	else if (d->segment != INSN_REG_NONE)
		m->segment = d->segment;
}

/* Memory that no ModRM names: strings, MONITOR, MASKMOVQ. */
static void add_implied(struct decoder *d)
{
	switch (d->insn->class) {
	case INSN_INS:
	case INSN_STOS:
		add_string(d, INSN_RDI, INSN_WRITE);
		break;
	case INSN_OUTS:
	case INSN_LODS:
		add_string(d, INSN_RSI, INSN_READ);
		break;
	case INSN_SCAS:
		add_string(d, INSN_RDI, INSN_READ);
		break;
	case INSN_MOVS:
		add_string(d, INSN_RDI, INSN_WRITE);
		add_string(d, INSN_RSI, INSN_READ);
		break;
	case INSN_CMPS:
		add_string(d, INSN_RDI, INSN_READ);
		add_string(d, INSN_RSI, INSN_READ);
		break;
	case INSN_MONITOR:
		add_string(d, INSN_RAX, INSN_READ);
		d->insn->mem[0].size = 1;
		break;
	default:
		break;
	}
	if (d->ctx.opcode == 0x0ff7) { /* MASKMOVQ, MASKMOVDQU */
		add_string(d, INSN_RDI, INSN_WRITE);
		d->insn->mem[0].segment = INSN_DS;
		if (d->segment != INSN_REG_NONE)
			d->insn->mem[0].segment = d->segment;
		d->insn->mem[0].size = d->ctx.simd == SIMD_66 ? 16 : 8;
	}
}

/* How many operands wide one stack access is. */
static unsigned stack_count(const struct decoder *d)
{
	unsigned reg = d->ctx.modrm >> 3 & 7;

	switch (d->ctx.opcode) {
	case 0x60: /* PUSHA, POPA */
	case 0x61:
		return 8;
	case 0x9a: /* far call and return */
	case 0xca:
	case 0xcb:
		return 2;
	case 0xcf:
		return insn_is_64(d) ? 5 : 3;
	case 0xff:
		return reg == 3 ? 2 : 1;
	default:
		return 1;
	}
}

static void add_stack(struct decoder *d)
{
	struct insn_mem *m;
	bool push = d->op.flags & OP_PUSH;
	unsigned size = d->insn->operand_size * stack_count(d);

	if (!(d->op.flags & (OP_PUSH | OP_POP)))
		return;
	/* POP [rSP + x]: the address is made after rSP has moved */
	if (d->ctx.opcode == 0x8f && d->insn->mem_count &&
	    d->insn->mem[0].base == INSN_RSP)
		d->insn->mem[0].disp += size;
	m = mem_add(d);
	m->base = d->ctx.opcode == 0xc9 ? INSN_RBP : INSN_RSP;
	m->segment = INSN_SS;
	m->stack = true;
	m->access = push ? INSN_WRITE : INSN_READ;
	m->size = (uint16_t)size;
	m->disp = push ? -(int64_t)size : 0;
}

static void finish_modrm(struct decoder *d)
{
	struct insn *i = d->insn;
	uint16_t size = memory_size(d);

	i->rm_size = (uint8_t)(size > 255 ? 0 : size);
	if (i->class == INSN_SMSW && i->rm != INSN_REG_NONE)
		i->rm_size = i->operand_size;
	i->reg_high = is_high(d, i->reg, i->operand_size);
	if (i->reg_high)
		i->reg &= 3;
	if (i->rm != INSN_REG_NONE) {
		i->rm_high = is_high(d, i->rm, i->rm_size);
		if (i->rm_high)
			i->rm &= 3;
		return;
	}
	i->mem[0].size = size;
	i->mem[0].access = d->op.access;
	if (i->opcode == 0x8d) /* LEA knows no segments */
		i->mem[0].segment = INSN_DS;
	else if (d->segment != INSN_REG_NONE)
		i->mem[0].segment = d->segment;
	if (d->op.flags & OP_BITS)
		i->mem[0].bit_string = true;
}

static void finish_plain(struct decoder *d)
{
	struct insn *i = d->insn;

	if (d->op.flags & OP_OPREG) {
		i->rm = (d->ctx.opcode & 7) | (d->rex & REX_B ? 8 : 0);
		i->rm_size = i->operand_size;
		i->rm_high = is_high(d, i->rm, i->operand_size);
		if (i->rm_high)
			i->rm &= 3;
	}
	if (i->mem_count && d->segment != INSN_REG_NONE)
		i->mem[0].segment = d->segment;
	/* 90 with REX.B swaps RAX and R8 after all */
	if (d->ctx.opcode == 0x90) {
		i->class = i->rep ? INSN_PAUSE : INSN_NOP;
		if (d->rex & REX_B)
			i->class = INSN_XCHG;
	}
}

static void check_lock(struct decoder *d)
{
	bool memory = d->insn->rm == INSN_REG_NONE && d->insn->has_modrm;

	if (d->insn->lock && !((d->op.flags & OP_LOCK) && memory))
		insn_fail(d, INSN_ILLEGAL);
}

void insn_finish(struct decoder *d)
{
	d->insn->length = (uint8_t)d->at;
	if (d->insn->has_modrm)
		finish_modrm(d);
	else
		finish_plain(d);
	add_implied(d);
	add_stack(d);
	check_lock(d);
}

/* SPDX-License-Identifier: MIT */
/*
 * The decoder's front: bytes, prefixes, opcode. ModRM, immediates and operands
 * are in operand.c.
 */
#include "lib/insn/insn.h"
#include "lib/insn/decoder.h"

uint8_t insn_next(struct decoder *d)
{
	if (d->status != INSN_OK)
		return 0;
	if (d->at == INSN_MAX) {
		d->status = INSN_TOO_LONG;
		return 0;
	}
	if (d->at == d->size) {
		d->status = INSN_TRUNCATED;
		return 0;
	}
	return d->bytes[d->at++];
}

uint64_t insn_next_le(struct decoder *d, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)insn_next(d) << 8 * i;
	return v;
}

void insn_fail(struct decoder *d, enum insn_status status)
{
	if (d->status == INSN_OK)
		d->status = status;
}

static bool take_segment(struct decoder *d, uint8_t byte)
{
	uint8_t segment;

	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
		segment = byte >> 3 & 3;
		break;
	case 0x64:
	case 0x65:
		segment = byte & 1 ? INSN_GS : INSN_FS;
		break;
	default:
		return false;
	}
	/* 64-bit code ignores the four old ones; FS or GS stays */
	if (!insn_is_64(d) || segment >= INSN_FS)
		d->segment = segment;
	return true;
}

static bool take_prefix(struct decoder *d, uint8_t byte)
{
	switch (byte) {
	case 0x66:
		d->has_66 = true;
		return true;
	case 0x67:
		d->has_67 = true;
		return true;
	case 0xf0:
		d->insn->lock = true;
		return true;
	case 0xf2: /* of F2 and F3 the last one counts */
		d->insn->repne = true;
		d->insn->rep = false;
		return true;
	case 0xf3:
		d->insn->rep = true;
		d->insn->repne = false;
		return true;
	default:
		return take_segment(d, byte);
	}
}

/* Returns the first byte that is no prefix. */
static uint8_t take_prefixes(struct decoder *d)
{
	for (;;) {
		uint8_t byte = insn_next(d);

		if (d->status != INSN_OK)
			return 0;
		if (insn_is_64(d) && (byte & 0xf0) == 0x40) {
			d->rex = byte;
			continue;
		}
		if (!take_prefix(d, byte))
			return byte;
		d->rex = 0; /* REX counts only right before the opcode */
	}
}

static void set_sizes(struct decoder *d)
{
	unsigned native = d->insn->mode == INSN_16 ? 2 : 4;

	d->insn->operand_size = (uint8_t)(d->has_66 ? 6 - native : native);
	if (insn_is_64(d) && (d->rex & REX_W))
		d->insn->operand_size = 8;
	d->insn->address_size = (uint8_t)d->insn->mode;
	if (d->has_67)
		d->insn->address_size = d->insn->mode == INSN_32 ? 2 : 4;
	d->ctx.wide = d->rex & REX_W;
	d->ctx.operand_size = d->insn->operand_size;
	if (d->insn->repne)
		d->ctx.simd = SIMD_F2;
	else if (d->insn->rep)
		d->ctx.simd = SIMD_F3;
	else
		d->ctx.simd = d->has_66 ? SIMD_66 : SIMD_NONE;
}

/* C4 and C5 are VEX in 64-bit code, elsewhere only with a register ModRM. */
static bool is_vex(struct decoder *d, uint8_t byte)
{
	if (byte != 0xc4 && byte != 0xc5)
		return false;
	if (insn_is_64(d))
		return true;
	if (d->at == d->size || d->at == INSN_MAX) {
		insn_next(d); /* sets the status */
		return false;
	}
	return d->bytes[d->at] >> 6 == 3;
}

static void take_vex(struct decoder *d, uint8_t byte)
{
	static const uint8_t simd[4] = { SIMD_NONE, SIMD_66, SIMD_F3, SIMD_F2 };
	static const uint16_t maps[4] = { 0, 0x0f00, 0x3800, 0x3a00 };
	uint8_t p1 = insn_next(d), p2 = 0, map = 1;

	if (d->rex || d->has_66 || d->ctx.simd != SIMD_NONE || d->insn->lock)
		insn_fail(d, INSN_ILLEGAL);
	d->rex = (uint8_t)(p1 & 0x80 ? 0 : REX_R);
	p2 = p1;
	if (byte == 0xc4) {
		d->rex = ~p1 >> 5 & 7;
		map = p1 & 0x1f;
		p2 = insn_next(d);
		d->rex |= p2 & 0x80 ? REX_W : 0;
	}
	if (!insn_is_64(d))
		d->rex &= REX_W;
	d->ctx.vex = true;
	d->ctx.wide = d->rex & REX_W;
	d->ctx.vex_l = p2 & 4;
	d->ctx.simd = simd[p2 & 3];
	if (map == 0 || map > 3)
		insn_fail(d, INSN_UNKNOWN);
	d->ctx.opcode = maps[map & 3] | insn_next(d);
}

static void find_op(struct decoder *d)
{
	switch (d->ctx.opcode >> 8) {
	case 0x00:
		d->op = insn_op_one((uint8_t)d->ctx.opcode);
		break;
	case 0x0f:
		d->op = insn_op_0f((uint8_t)d->ctx.opcode);
		if (d->ctx.vex && !(d->op.flags & OP_VECTOR))
			d->op.flags = 0;
		if ((d->op.flags & OP_VECTOR) && !insn_simd_0f(&d->ctx, &d->op))
			d->op.flags = 0;
		break;
	case 0x38:
		d->op = insn_op_38(&d->ctx);
		break;
	default:
		d->op = insn_op_3a(&d->ctx);
		break;
	}
	if (!(d->op.flags & OP_KNOWN))
		insn_fail(d, INSN_UNKNOWN);
	if ((d->op.flags & OP_NOT64) && insn_is_64(d))
		insn_fail(d, INSN_ILLEGAL);
}

static void take_opcode(struct decoder *d)
{
	uint8_t byte = take_prefixes(d);

	set_sizes(d);
	if (is_vex(d, byte)) {
		take_vex(d, byte);
	} else if (byte == 0x0f) {
		byte = insn_next(d);
		d->ctx.opcode = 0x0f00 | byte;
		if (byte == 0x38 || byte == 0x3a)
			d->ctx.opcode = (uint16_t)(byte << 8) | insn_next(d);
	} else {
		d->ctx.opcode = byte;
	}
	d->insn->opcode = d->ctx.opcode;
	if (d->status == INSN_OK)
		find_op(d);
}

enum insn_status insn_decode(const uint8_t *bytes, size_t size,
			     enum insn_mode mode, struct insn *out)
{
	struct decoder d = {
		.bytes = bytes,
		.size = size,
		.insn = out,
		.segment = INSN_REG_NONE,
		.ctx = { .mode = mode },
	};

	*out = (struct insn){ .mode = mode, .rm = INSN_REG_NONE };
	take_opcode(&d);
	if (d.status == INSN_OK && (d.op.flags & OP_MODRM))
		insn_take_modrm(&d);
	out->class = (enum insn_class)d.op.class;
	insn_take_imm(&d);
	if (d.status == INSN_OK)
		insn_finish(&d);
	return d.status;
}

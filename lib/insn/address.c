/* SPDX-License-Identifier: MIT */
/* From a decoded operand and the registers to a linear address or a value. */
#include "lib/insn/insn.h"

static uint64_t low_bytes(uint64_t v, unsigned size)
{
	return size >= 8 ? v : v & ((1ull << 8 * size) - 1);
}

static int64_t signed_bytes(uint64_t v, unsigned size)
{
	unsigned unused = size >= 8 ? 0 : 64 - 8 * size;

	return (int64_t)(v << unused) >> unused;
}

/* BT and its kin address the operand that holds bit number reg. */
static uint64_t bit_string_bytes(const struct insn *insn,
				 const struct insn_regs *regs)
{
	unsigned size = insn->operand_size;
	int64_t bit = signed_bytes(regs->gpr[insn->reg & 15], size);
	int64_t operand = bit >> (size == 8 ? 6 : size == 4 ? 5 : 4);

	return (uint64_t)operand * size;
}

uint64_t insn_linear(const struct insn *insn, unsigned i,
		     const struct insn_regs *regs)
{
	const struct insn_mem *m = &insn->mem[i];
	unsigned width = insn->address_size;
	uint64_t a = (uint64_t)m->disp;

	if (m->base != INSN_REG_NONE)
		a += regs->gpr[m->base & 15];
	if (m->index != INSN_REG_NONE)
		a += regs->gpr[m->index & 15] * m->scale;
	if (m->rip_relative)
		a += regs->rip + insn->length;
	if (m->bit_string)
		a += bit_string_bytes(insn, regs);
	if (m->stack)
		width = insn->mode == INSN_64 ? 8 : regs->stack_size;
	a = low_bytes(a, width);
	if (insn->mode == INSN_64)
		return m->segment >= INSN_FS ? a + regs->seg_base[m->segment]
					     : a;
	return low_bytes(a + regs->seg_base[m->segment], 4);
}

uint64_t insn_reg_get(const uint64_t gpr[16], uint8_t reg, unsigned size,
		      bool high)
{
	return low_bytes(gpr[reg & 15] >> (high ? 8 : 0), size);
}

void insn_reg_set(uint64_t gpr[16], uint8_t reg, unsigned size, bool high,
		  uint64_t value)
{
	unsigned shift = high ? 8 : 0;
	uint64_t mask = low_bytes(~0ull, size) << shift;

	if (size >= 4)
		mask = ~0ull;
	gpr[reg & 15] &= ~mask;
	gpr[reg & 15] |= low_bytes(value, size) << shift;
}

/* SPDX-License-Identifier: MIT */
/* See pair.h. */
#include "tests/unit/lib/insn/pair.h"

#include <stdio.h>

bool pair_init(struct pair *p, enum insn_mode mode)
{
	ZydisMachineMode m = ZYDIS_MACHINE_MODE_LONG_64;
	ZydisStackWidth w = ZYDIS_STACK_WIDTH_64;

	if (mode == INSN_32) {
		m = ZYDIS_MACHINE_MODE_LONG_COMPAT_32;
		w = ZYDIS_STACK_WIDTH_32;
	} else if (mode == INSN_16) {
		m = ZYDIS_MACHINE_MODE_LONG_COMPAT_16;
		w = ZYDIS_STACK_WIDTH_16;
	}
	*p = (struct pair){ .mode = mode };
	if (!ZYAN_SUCCESS(ZydisDecoderInit(&p->decoder, m, w)))
		return false;
	/* AMD takes 66 before near branches, unlike Intel */
	ZydisDecoderEnableMode(&p->decoder, ZYDIS_DECODER_MODE_AMD_BRANCHES, 1);
	ZydisDecoderEnableMode(&p->decoder, ZYDIS_DECODER_MODE_KNC, 0);
	return true;
}

static uint8_t gpr_number(ZydisRegister reg)
{
	ZyanI8 id = ZydisRegisterGetId(reg);

	if (reg == ZYDIS_REGISTER_NONE || reg == ZYDIS_REGISTER_RIP ||
	    reg == ZYDIS_REGISTER_EIP)
		return INSN_REG_NONE;
	return (uint8_t)id;
}

static bool segment_same(enum insn_mode mode, uint8_t ours, ZydisRegister zs)
{
	uint8_t theirs = (uint8_t)ZydisRegisterGetId(zs);

	/* in 64-bit code the other four are one */
	if (mode == INSN_64 && ours < INSN_FS && theirs < INSN_FS)
		return true;
	return ours == theirs;
}

static bool access_same(const struct insn *i, const struct insn_mem *m,
			const ZydisDecodedOperand *z)
{
	uint8_t theirs = 0;

	if (z->mem.type == ZYDIS_MEMOP_TYPE_AGEN)
		return m->access == 0;
	if (z->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
		theirs |= INSN_READ;
	if (z->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		theirs |= INSN_WRITE;
	/* hints touch nothing that can fault */
	if (m->access == 0)
		return theirs == INSN_READ || i->class == INSN_NOP;
	return m->access == theirs;
}

static bool mem_same(const struct insn *i, const struct insn_mem *m,
		     const ZydisDecodedOperand *z)
{
	uint64_t mask = ~0ull >> (64 - 8 * i->address_size);
	bool rip = z->mem.base == ZYDIS_REGISTER_RIP ||
		   z->mem.base == ZYDIS_REGISTER_EIP;
	uint8_t index = gpr_number(z->mem.index);

	if (m->base != gpr_number(z->mem.base) || m->rip_relative != rip ||
	    m->index != index)
		return false;
	if (index != INSN_REG_NONE && m->scale != z->mem.scale)
		return false;
	if (!m->stack &&
	    (((uint64_t)z->mem.disp.value ^ (uint64_t)m->disp) & mask))
		return false;
	if (m->size && z->size && m->size * 8 != z->size &&
	    z->mem.type != ZYDIS_MEMOP_TYPE_AGEN)
		return false;
	return segment_same(i->mode, m->segment, z->mem.segment) &&
	       access_same(i, m, z);
}

static bool operands_same(const struct insn *i,
			  const ZydisDecodedInstruction *zi,
			  ZydisDecodedOperand *z)
{
	unsigned theirs = 0;

	/* POP [rSP + x]: ours counts the moved rSP already */
	if (i->opcode == 0x8f && i->mem_count == 2 &&
	    i->mem[0].base == INSN_RSP)
		z[0].mem.disp.value += i->operand_size;
	for (unsigned k = 0; k < zi->operand_count; k++)
		theirs += z[k].type == ZYDIS_OPERAND_TYPE_MEMORY &&
			  z[k].visibility != ZYDIS_OPERAND_VISIBILITY_HIDDEN;
	for (unsigned m = 0; m < i->mem_count; m++) {
		bool found = false;

		for (unsigned k = 0; k < zi->operand_count; k++)
			if (z[k].type == ZYDIS_OPERAND_TYPE_MEMORY)
				found |= mem_same(i, &i->mem[m], &z[k]);
		if (!found)
			return false;
	}
	return i->mem_count >= theirs;
}

/* Where the two differ on purpose. */
static bool excused(const struct insn *i, const ZydisDecodedInstruction *zi)
{
	switch (zi->mnemonic) {
	case ZYDIS_MNEMONIC_IRET: /* stack frames of five there */
	case ZYDIS_MNEMONIC_IRETD:
		return i->mode != INSN_64;
	case ZYDIS_MNEMONIC_CALL: /* AMD: 16-bit target after 66 */
	case ZYDIS_MNEMONIC_JMP:  /* 3E: a segment to us, NOTRACK there */
	case ZYDIS_MNEMONIC_RET:
		if (zi->attributes & ZYDIS_ATTRIB_HAS_NOTRACK)
			return true;
		return i->mode == INSN_64 && i->operand_size == 2;
	case ZYDIS_MNEMONIC_MONITOR: /* no memory operand there */
	case ZYDIS_MNEMONIC_MONITORX:
	case ZYDIS_MNEMONIC_LEA: /* an address without segment */
		return true;
	default:
		return false;
	}
}

/* Zydis 4.0: 67 with REX.B and a SIB without base names R13D as base and
 * loses the displacement; GNU objdump sees it as we do. */
static bool theirs_is_wrong(const struct insn *i, const ZydisDecodedOperand *z)
{
	return i->mode == INSN_64 && i->address_size == 4 && i->mem_count &&
	       i->mem[0].base == INSN_REG_NONE && !i->mem[0].rip_relative &&
	       (z[0].mem.base == ZYDIS_REGISTER_R13D ||
		z[1].mem.base == ZYDIS_REGISTER_R13D ||
		z[2].mem.base == ZYDIS_REGISTER_R13D);
}

enum pair_verdict pair_compare(struct pair *p, const uint8_t *bytes,
			       size_t size, struct pair_facts *facts)
{
	const struct insn *i = &facts->ours;
	const ZydisDecodedInstruction *zi = &facts->theirs;
	ZydisDecodedOperand *z = facts->operands;
	enum insn_status s = insn_decode(bytes, size, p->mode, &facts->ours);

	facts->status = s;
	facts->they = ZYAN_SUCCESS(ZydisDecoderDecodeFull(
		&p->decoder, bytes, size, &facts->theirs, z));
	if (s == INSN_UNKNOWN)
		return facts->they ? PAIR_ONLY_THEIRS : PAIR_NEITHER;
	if (!facts->they)
		return s == INSN_OK ? PAIR_ONLY_OURS : PAIR_NEITHER;
	if (s != INSN_OK || i->length != zi->length)
		return PAIR_DIFFERS;
	if (excused(i, zi) || theirs_is_wrong(i, z))
		return PAIR_AGREES;
	return operands_same(i, zi, z) ? PAIR_AGREES : PAIR_DIFFERS;
}

void pair_show(const struct pair *p, const uint8_t *bytes, size_t size,
	       const char *why, const struct pair_facts *facts)
{
	const struct insn *i = &facts->ours;
	const ZydisDecodedInstruction *zi = &facts->theirs;
	const ZydisDecodedOperand *z = facts->operands;

	printf("%s (mode %d):", why, p->mode);
	for (size_t k = 0; k < size && k < INSN_MAX; k++)
		printf(" %02x", bytes[k]);
	printf("\n  ours: status %d length %u class %d size %u mems %u",
	       facts->status, i->length, i->class, i->operand_size,
	       i->mem_count);
	for (unsigned k = 0; k < i->mem_count; k++)
		printf(" [b %d i %d s %d d %llx seg %d size %d acc %d rip %d]",
		       (int8_t)i->mem[k].base, (int8_t)i->mem[k].index,
		       i->mem[k].scale, (unsigned long long)i->mem[k].disp,
		       i->mem[k].segment, i->mem[k].size, i->mem[k].access,
		       i->mem[k].rip_relative);
	printf("\n");
	if (!facts->they)
		return;
	printf("  theirs: %s length %u", ZydisMnemonicGetString(zi->mnemonic),
	       zi->length);
	for (unsigned k = 0; k < zi->operand_count; k++)
		if (z[k].type == ZYDIS_OPERAND_TYPE_MEMORY)
			printf(" [b %s i %s s %d d %llx seg %s bits %d act %x "
			       "type %d]",
			       ZydisRegisterGetString(z[k].mem.base),
			       ZydisRegisterGetString(z[k].mem.index),
			       z[k].mem.scale,
			       (unsigned long long)z[k].mem.disp.value,
			       ZydisRegisterGetString(z[k].mem.segment),
			       z[k].size, z[k].actions, z[k].mem.type);
	printf("\n");
}

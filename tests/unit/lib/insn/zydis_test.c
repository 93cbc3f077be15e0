/* SPDX-License-Identifier: MIT */
/*
 * The decoder against Zydis, an independent one: whatever ours claims to know
 * must have the same length and the same memory operands.
 */
/* test-sources: lib/insn/decode.c lib/insn/operand.c lib/insn/table.c */
/* test-sources: lib/insn/group.c lib/insn/simd.c */
/* test-libs: -lZydis */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <Zydis/Zydis.h>

#include "lib/insn/insn.h"

struct pair {
	ZydisDecoder decoder;
	enum insn_mode mode;
	unsigned long agreed, only_ours, only_theirs;
	bool tell; /* what each side alone knows, for work on the tables */
};

static uint64_t seed = 0x2545f4914f6cdd1d;

static uint32_t random_word(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16);
}

static void pair_init(struct pair *p, enum insn_mode mode)
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
	*p = (struct pair){ .mode = mode, .tell = getenv("INSN_TELL") };
	assert_true(ZYAN_SUCCESS(ZydisDecoderInit(&p->decoder, m, w)));
	/* AMD takes 66 before near branches, unlike Intel */
	ZydisDecoderEnableMode(&p->decoder, ZYDIS_DECODER_MODE_AMD_BRANCHES, 1);
	ZydisDecoderEnableMode(&p->decoder, ZYDIS_DECODER_MODE_KNC, 0);
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

static void show(const struct pair *p, const uint8_t *b, const char *why,
		 const struct insn *i, const ZydisDecodedInstruction *zi,
		 const ZydisDecodedOperand *z)
{
	printf("%s (mode %d):", why, p->mode);
	for (unsigned k = 0; k < 15; k++)
		printf(" %02x", b[k]);
	printf("\n  ours: length %u class %d size %u mems %u", i->length,
	       i->class, i->operand_size, i->mem_count);
	for (unsigned k = 0; k < i->mem_count; k++)
		printf(" [b %d i %d s %d d %llx seg %d size %d acc %d rip %d]",
		       (int8_t)i->mem[k].base, (int8_t)i->mem[k].index,
		       i->mem[k].scale, (unsigned long long)i->mem[k].disp,
		       i->mem[k].segment, i->mem[k].size, i->mem[k].access,
		       i->mem[k].rip_relative);
	printf("\n");
	if (!zi)
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

static void compare(struct pair *p, const uint8_t *bytes)
{
	ZydisDecodedInstruction zi;
	ZydisDecodedOperand z[ZYDIS_MAX_OPERAND_COUNT];
	struct insn i;
	enum insn_status s = insn_decode(bytes, INSN_MAX, p->mode, &i);
	ZyanStatus zs =
		ZydisDecoderDecodeFull(&p->decoder, bytes, INSN_MAX, &zi, z);
	bool fine = true;

	if (s == INSN_UNKNOWN || (s == INSN_ILLEGAL && !ZYAN_SUCCESS(zs)) ||
	    (s == INSN_TOO_LONG && !ZYAN_SUCCESS(zs))) {
		p->only_theirs += ZYAN_SUCCESS(zs);
		if (p->tell && ZYAN_SUCCESS(zs) && random_word() % 64 == 0)
			printf("only theirs: %s\n",
			       ZydisMnemonicGetString(zi.mnemonic));
		return;
	}
	if (!ZYAN_SUCCESS(zs)) {
		/* ours is no full #UD check: legal is what the CPU ran */
		p->only_ours++;
		if (p->tell && random_word() % 64 == 0)
			show(p, bytes, "only ours", &i, NULL, NULL);
		return;
	}
	p->agreed++;
	fine = s == INSN_OK && i.length == zi.length;
	if (fine && !excused(&i, &zi) && !theirs_is_wrong(&i, z))
		fine = operands_same(&i, &zi, z);
	if (!fine) {
		show(p, bytes, "differs", &i, &zi, z);
		if (!getenv("INSN_ALL"))
			fail_msg("status %d", s);
	}
}

static void fill(uint8_t *b)
{
	for (unsigned k = 0; k < INSN_MAX; k++)
		b[k] = (uint8_t)random_word();
}

/* Random bytes: mostly short, common instructions. */
static void run_random(enum insn_mode mode)
{
	struct pair p;
	uint8_t b[INSN_MAX];

	pair_init(&p, mode);
	for (unsigned n = 0; n < 300000; n++) {
		fill(b);
		compare(&p, b);
	}
	printf("mode %d: %lu agree, %lu only ours, %lu only theirs\n", mode,
	       p.agreed, p.only_ours, p.only_theirs);
	assert_true(p.agreed > 150000);
	assert_true(p.only_ours < p.agreed / 50);
}

static unsigned put_prefixes(uint8_t *b, unsigned which, enum insn_mode mode)
{
	static const uint8_t prefix[] = { 0x66, 0xf3, 0xf2, 0x67,
					  0xf0, 0x64, 0x2e };
	unsigned n = 0;

	if (which > 0 && which <= sizeof(prefix))
		b[n++] = prefix[which - 1];
	if (which == 8) {
		b[n++] = 0x66;
		b[n++] = 0x65;
	}
	if (which >= 9 && mode == INSN_64)
		b[n++] = (uint8_t)(0x40 | random_word() % 16);
	return n;
}

/* Every opcode with every ModRM under each prefix, random after that. */
static void run_all(enum insn_mode mode)
{
	static const uint8_t escape[4] = { 0, 0, 0x38, 0x3a };
	struct pair p;

	pair_init(&p, mode);
	for (uint32_t n = 0; n < 4u << 16; n++) {
		for (unsigned which = 0; which < 11; which++) {
			uint8_t b[INSN_MAX];
			unsigned at, map = n >> 16;

			fill(b);
			at = put_prefixes(b, which, mode);
			if (map)
				b[at++] = 0x0f;
			if (escape[map])
				b[at++] = escape[map];
			b[at++] = (uint8_t)(n >> 8);
			b[at] = (uint8_t)n;
			compare(&p, b);
		}
	}
	assert_true(p.agreed > 500000);
}

static void run_vex(enum insn_mode mode)
{
	struct pair p;

	pair_init(&p, mode);
	for (uint32_t n = 0; n < 1000000; n++) {
		uint8_t b[INSN_MAX];

		fill(b);
		b[0] = n & 1 ? 0xc4 : 0xc5;
		if (n & 1)
			b[1] = (b[1] & 0xe0) | (uint8_t)(1 + n % 3);
		/* vvvv = 1111 is demanded where there is no third operand */
		if (n & 2)
			b[1 + (n & 1)] |= 0x78;
		compare(&p, b);
	}
	assert_true(p.agreed > 5000);
}

static void modes_random(void **state)
{
	(void)state;
	run_random(INSN_64);
	run_random(INSN_32);
	run_random(INSN_16);
}

static void opcodes_64(void **state)
{
	(void)state;
	run_all(INSN_64);
}

static void opcodes_32(void **state)
{
	(void)state;
	run_all(INSN_32);
}

static void opcodes_16(void **state)
{
	(void)state;
	run_all(INSN_16);
}

static void vex(void **state)
{
	(void)state;
	run_vex(INSN_64);
	run_vex(INSN_32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_random), cmocka_unit_test(opcodes_64),
		cmocka_unit_test(opcodes_32),	cmocka_unit_test(opcodes_16),
		cmocka_unit_test(vex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

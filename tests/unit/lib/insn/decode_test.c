/* SPDX-License-Identifier: MIT */
/* What handlers rely on: kinds, operands, truncation, addresses, registers. */
/* test-sources: lib/insn/decode.c lib/insn/operand.c lib/insn/table.c */
/* test-sources: lib/insn/group.c lib/insn/simd.c lib/insn/address.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/insn/insn.h"

/* Decodes from a heap block of exactly @size bytes: ASan sees one too many. */
static enum insn_status decode_exact(const uint8_t *bytes, size_t size,
				     enum insn_mode mode, struct insn *i)
{
	uint8_t *copy = malloc(size ? size : 1);
	enum insn_status s;

	memcpy(copy, bytes, size);
	s = insn_decode(copy, size, mode, i);
	free(copy);
	return s;
}

#define DECODE(mode, i, ...)                                          \
	do {                                                          \
		static const uint8_t b[] = { __VA_ARGS__ };           \
		assert_int_equal(decode_exact(b, sizeof(b), mode, i), \
				 INSN_OK);                            \
		assert_int_equal((i)->length, sizeof(b));             \
	} while (0)

#define KIND(kind, ...)                           \
	do {                                      \
		struct insn i;                    \
		DECODE(INSN_64, &i, __VA_ARGS__); \
		assert_int_equal(i.class, kind);  \
	} while (0)

static void system_kinds(void **state)
{
	(void)state;
	KIND(INSN_CPUID, 0x0f, 0xa2);
	KIND(INSN_RDMSR, 0x0f, 0x32);
	KIND(INSN_WRMSR, 0x0f, 0x30);
	KIND(INSN_RDTSC, 0x0f, 0x31);
	KIND(INSN_RDTSCP, 0x0f, 0x01, 0xf9);
	KIND(INSN_RDPMC, 0x0f, 0x33);
	KIND(INSN_HLT, 0xf4);
	KIND(INSN_PAUSE, 0xf3, 0x90);
	KIND(INSN_NOP, 0x90);
	KIND(INSN_XCHG, 0x41, 0x90);
	KIND(INSN_MONITOR, 0x0f, 0x01, 0xc8);
	KIND(INSN_MWAIT, 0x0f, 0x01, 0xc9);
	KIND(INSN_INVD, 0x0f, 0x08);
	KIND(INSN_WBINVD, 0x0f, 0x09);
	KIND(INSN_WBINVD, 0xf3, 0x0f, 0x09);
	KIND(INSN_XSETBV, 0x0f, 0x01, 0xd1);
	KIND(INSN_CLTS, 0x0f, 0x06);
	KIND(INSN_LMSW, 0x0f, 0x01, 0xf0);
	KIND(INSN_SMSW, 0x0f, 0x01, 0xe0);
	KIND(INSN_INVLPG, 0x0f, 0x01, 0x38);
}

/* spec/snp.md 4: three opcodes, told apart by their prefix. */
static void snp_kinds(void **state)
{
	(void)state;
	KIND(INSN_VMMCALL, 0x0f, 0x01, 0xd9);
	KIND(INSN_VMGEXIT, 0xf3, 0x0f, 0x01, 0xd9);
	KIND(INSN_VMGEXIT, 0xf2, 0x0f, 0x01, 0xd9);
	KIND(INSN_PVALIDATE, 0xf2, 0x0f, 0x01, 0xff);
	KIND(INSN_PSMASH, 0xf3, 0x0f, 0x01, 0xff);
	KIND(INSN_TLBSYNC, 0x0f, 0x01, 0xff);
	KIND(INSN_RMPADJUST, 0xf3, 0x0f, 0x01, 0xfe);
	KIND(INSN_RMPUPDATE, 0xf2, 0x0f, 0x01, 0xfe);
	KIND(INSN_INVLPGB, 0x0f, 0x01, 0xfe);
	KIND(INSN_RMPQUERY, 0xf3, 0x0f, 0x01, 0xfd);
	/* the last of F2 and F3 counts */
	KIND(INSN_PVALIDATE, 0xf3, 0xf2, 0x0f, 0x01, 0xff);
	KIND(INSN_RMPADJUST, 0xf2, 0xf3, 0x0f, 0x01, 0xfe);
}

static void ports(void **state)
{
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0xe4, 0xfe);
	assert_int_equal(i.class, INSN_IN);
	assert_true(i.has_imm);
	assert_int_equal(i.imm, 0xfe); /* a port, not -2 */
	assert_int_equal(i.operand_size, 1);
	DECODE(INSN_64, &i, 0x66, 0xef);
	assert_int_equal(i.class, INSN_OUT);
	assert_false(i.has_imm);
	assert_int_equal(i.operand_size, 2);
	DECODE(INSN_64, &i, 0x48, 0xed); /* never 8 bytes */
	assert_int_equal(i.operand_size, 4);
	DECODE(INSN_64, &i, 0xf3, 0x6c);
	assert_int_equal(i.class, INSN_INS);
	assert_true(i.rep);
	assert_int_equal(i.mem[0].base, INSN_RDI);
	assert_int_equal(i.mem[0].segment, INSN_ES);
	DECODE(INSN_16, &i, 0xf3, 0x2e, 0x6f);
	assert_int_equal(i.class, INSN_OUTS);
	assert_int_equal(i.operand_size, 2);
	assert_int_equal(i.mem[0].segment, INSN_CS);
}

static void moves(void **state)
{
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0x88, 0x23); /* mov %ah,(%rbx) */
	assert_int_equal(i.class, INSN_MOV_STORE);
	assert_true(i.reg_high);
	assert_int_equal(i.reg, INSN_RAX);
	assert_int_equal(i.mem[0].size, 1);
	DECODE(INSN_64, &i, 0x40, 0x88, 0x23); /* mov %spl,(%rbx) */
	assert_false(i.reg_high);
	assert_int_equal(i.reg, INSN_RSP);
	DECODE(INSN_64, &i, 0x4c, 0x8b, 0x05, 0x10, 0, 0, 0);
	assert_int_equal(i.class, INSN_MOV_LOAD);
	assert_int_equal(i.reg, 8);
	assert_true(i.mem[0].rip_relative);
	assert_int_equal(i.mem[0].size, 8);
	DECODE(INSN_64, &i, 0x48, 0xc7, 0x00, 0xff, 0xff, 0xff, 0xff);
	assert_int_equal(i.class, INSN_MOV_IMM);
	assert_true(i.imm == ~0ull);
	DECODE(INSN_64, &i, 0x0f, 0xb7, 0x00);
	assert_int_equal(i.class, INSN_MOVZX);
	assert_int_equal(i.operand_size, 4);
	assert_int_equal(i.mem[0].size, 2);
	DECODE(INSN_64, &i, 0x0f, 0xb6, 0xc4); /* movzbl %ah,%eax */
	assert_true(i.rm_high);
	assert_int_equal(i.rm_size, 1);
	DECODE(INSN_64, &i, 0x48, 0x63, 0x00);
	assert_int_equal(i.class, INSN_MOVSX);
	assert_int_equal(i.mem[0].size, 4);
	assert_int_equal(i.operand_size, 8);
	DECODE(INSN_32, &i, 0xa1, 0xf0, 0x00, 0xe0, 0xfe);
	assert_int_equal(i.class, INSN_MOV_LOAD);
	assert_int_equal(i.reg, INSN_RAX);
	assert_int_equal(i.mem[0].disp, 0xfee000f0);
	DECODE(INSN_64, &i, 0x48, 0xa3, 1, 2, 3, 4, 5, 6, 7, 8);
	assert_int_equal(i.mem[0].disp, 0x0807060504030201);
	assert_int_equal(i.mem[0].access, INSN_WRITE);
	DECODE(INSN_64, &i, 0xf3, 0x48, 0xab);
	assert_int_equal(i.class, INSN_STOS);
	assert_int_equal(i.mem[0].size, 8);
	DECODE(INSN_64, &i, 0x64, 0xa4);
	assert_int_equal(i.class, INSN_MOVS);
	assert_int_equal(i.mem_count, 2);
	assert_int_equal(i.mem[0].segment, INSN_ES);
	assert_int_equal(i.mem[1].segment, INSN_FS);
}

static void control_registers(void **state)
{
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0x0f, 0x22, 0xd8);
	assert_int_equal(i.class, INSN_MOV_TO_CR);
	assert_int_equal(i.reg, 3);
	assert_int_equal(i.rm, INSN_RAX);
	DECODE(INSN_64, &i, 0x44, 0x0f, 0x20, 0xc1); /* mov %cr8,%rcx */
	assert_int_equal(i.class, INSN_MOV_FROM_CR);
	assert_int_equal(i.reg, 8);
	assert_int_equal(i.rm, INSN_RCX);
	assert_int_equal(i.operand_size, 8);
	DECODE(INSN_64, &i, 0x41, 0x0f, 0x23, 0xff);
	assert_int_equal(i.class, INSN_MOV_TO_DR);
	assert_int_equal(i.reg, 7);
	assert_int_equal(i.rm, 15);
	DECODE(INSN_32, &i, 0x0f, 0x21, 0x3b); /* mod is ignored */
	assert_int_equal(i.class, INSN_MOV_FROM_DR);
	assert_int_equal(i.mem_count, 0);
	assert_int_equal(i.rm, INSN_RBX);
}

static void status_of(void **state)
{
	static const uint8_t long_one[16] = { 0x66, 0x66, 0x66, 0x66, 0x66,
					      0x66, 0x66, 0x66, 0x66, 0x66,
					      0x66, 0x66, 0x66, 0x66, 0x90 };
	static const uint8_t too_long[16] = { 0x66, 0x66, 0x66, 0x66, 0x66,
					      0x66, 0x66, 0x66, 0x66, 0x66,
					      0x66, 0x66, 0x66, 0x66, 0x66 };
	static const uint8_t lock_mov[] = { 0xf0, 0x89, 0x00 };
	static const uint8_t lock_reg[] = { 0xf0, 0x01, 0xc0 };
	static const uint8_t lock_add[] = { 0xf0, 0x01, 0x00 };
	static const uint8_t pusha[] = { 0x60 };
	static const uint8_t evex[] = { 0x62, 0xf1, 0x7c, 0x48, 0x28, 0x00 };
	struct insn i;

	(void)state;
	assert_int_equal(insn_decode(NULL, 0, INSN_64, &i), INSN_TRUNCATED);
	assert_int_equal(insn_decode(long_one, 15, INSN_64, &i), INSN_OK);
	assert_int_equal(i.length, 15);
	assert_int_equal(insn_decode(too_long, 16, INSN_64, &i), INSN_TOO_LONG);
	assert_int_equal(insn_decode(too_long, 14, INSN_64, &i),
			 INSN_TRUNCATED);
	assert_int_equal(insn_decode(lock_mov, 3, INSN_64, &i), INSN_ILLEGAL);
	assert_int_equal(insn_decode(lock_reg, 3, INSN_64, &i), INSN_ILLEGAL);
	assert_int_equal(insn_decode(lock_add, 3, INSN_64, &i), INSN_OK);
	assert_int_equal(insn_decode(pusha, 1, INSN_64, &i), INSN_ILLEGAL);
	assert_int_equal(insn_decode(pusha, 1, INSN_32, &i), INSN_OK);
	assert_int_equal(insn_decode(evex, 6, INSN_64, &i), INSN_UNKNOWN);
}

/* Every shorter piece of a whole instruction is TRUNCATED, never more. */
static void truncation(void **state)
{
	static const uint8_t whole[][15] = {
		{ 0x65, 0x48, 0xc7, 0x84, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8 },
		{ 0xf2, 0x0f, 0x01, 0xff },
		{ 0x66, 0x0f, 0x3a, 0x22, 0x44, 0x24, 0x08, 0x01 },
		{ 0xc4, 0xe2, 0x7d, 0x58, 0x05, 1, 2, 3, 4 },
		{ 0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8 },
	};
	static const uint8_t sizes[] = { 13, 4, 8, 9, 10 };
	struct insn i;

	(void)state;
	for (unsigned n = 0; n < sizeof(sizes); n++) {
		for (unsigned k = 0; k < sizes[n]; k++)
			assert_int_equal(decode_exact(whole[n], k, INSN_64, &i),
					 INSN_TRUNCATED);
		assert_int_equal(decode_exact(whole[n], sizes[n], INSN_64, &i),
				 INSN_OK);
		assert_int_equal(i.length, sizes[n]);
	}
}

static const struct insn_regs regs = {
	.gpr = { [INSN_RAX] = 0x1000,
		 [INSN_RCX] = 0xffffffff00000005,
		 [INSN_RDX] = 0x1234,
		 [INSN_RBX] = 0xfff8,
		 [INSN_RSP] = 0x7000,
		 [INSN_RBP] = 0x8000,
		 [INSN_RSI] = 0x10,
		 [INSN_RDI] = 0x20,
		 [13] = 0x130000 },
	.rip = 0xffffffff81000000,
	.seg_base = { 0xe000, 0xc000, 0x50000, 0xd000, 0xf5000000, 0x9900 },
	.stack_size = 2,
};

static void addresses(void **state)
{
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0x8b, 0x44, 0x48, 0x10); /* 16(%rax,%rcx,2) */
	assert_true(insn_linear(&i, 0, &regs) ==
		    0x1000 + 2 * 0xffffffff00000005 + 0x10);
	DECODE(INSN_64, &i, 0x67, 0x8b, 0x44, 0x48, 0x10);
	assert_true(insn_linear(&i, 0, &regs) == 0x101a);
	DECODE(INSN_64, &i, 0x65, 0x8b, 0x00); /* %gs:(%rax) */
	assert_true(insn_linear(&i, 0, &regs) == 0xa900);
	DECODE(INSN_64, &i, 0x64, 0x2e, 0x8b, 0x00); /* CS is ignored */
	assert_true(insn_linear(&i, 0, &regs) == 0xf5001000);
	DECODE(INSN_64, &i, 0x8b, 0x05, 0xfc, 0xff, 0xff, 0xff);
	assert_true(insn_linear(&i, 0, &regs) == 0xffffffff81000002);
	DECODE(INSN_64, &i, 0x43, 0x8b, 0x44, 0x65, 0x00); /* (%r13,%r12,2) */
	assert_true(insn_linear(&i, 0, &regs) == 0x130000);
	DECODE(INSN_64, &i, 0x8b, 0x04, 0x25, 0, 0, 0, 0x80);
	assert_true(insn_linear(&i, 0, &regs) == 0xffffffff80000000);
	/* 32-bit code: segment bases count, sums wrap at 4 GiB */
	DECODE(INSN_32, &i, 0x64, 0x8b, 0x81, 0, 0, 0, 0x0b);
	assert_true(insn_linear(&i, 0, &regs) == 0x5);
	DECODE(INSN_32, &i, 0x8b, 0x45, 0xfc); /* EBP: SS */
	assert_true(insn_linear(&i, 0, &regs) == 0x57ffc);
	/* 16-bit: BX + SI wraps at 64 KiB */
	DECODE(INSN_16, &i, 0x8b, 0x00);
	assert_true(insn_linear(&i, 0, &regs) == 0xd008);
	DECODE(INSN_16, &i, 0x8b, 0x02); /* BP + SI: SS */
	assert_true(insn_linear(&i, 0, &regs) == 0x58010);
}

static void stack(void **state)
{
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0x50);
	assert_int_equal(i.mem_count, 1);
	assert_true(i.mem[0].stack);
	assert_int_equal(i.mem[0].access, INSN_WRITE);
	assert_true(insn_linear(&i, 0, &regs) == 0x6ff8);
	DECODE(INSN_64, &i, 0xc3);
	assert_true(insn_linear(&i, 0, &regs) == 0x7000);
	DECODE(INSN_64, &i, 0xff, 0x10); /* call *(%rax) */
	assert_int_equal(i.mem_count, 2);
	assert_true(insn_linear(&i, 0, &regs) == 0x1000);
	assert_true(insn_linear(&i, 1, &regs) == 0x6ff8);
	DECODE(INSN_64, &i, 0x8f, 0x04, 0x24); /* pop (%rsp): after it moved */
	assert_true(insn_linear(&i, 0, &regs) == 0x7008);
	DECODE(INSN_64, &i, 0xc9); /* leave reads [rBP] */
	assert_true(insn_linear(&i, 0, &regs) == 0x8000);
	DECODE(INSN_16, &i, 0x66, 0x50);
	assert_true(insn_linear(&i, 0, &regs) == 0x56ffc);
}

/* BT and kin reach memory by a bit number in a register. */
static void bit_strings(void **state)
{
	struct insn_regs r = regs;
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0xf0, 0x48, 0x0f, 0xab, 0x10); /* bts %rdx,(%rax) */
	assert_true(i.mem[0].bit_string);
	assert_true(insn_linear(&i, 0, &r) == 0x1000 + 0x1234 / 64 * 8);
	r.gpr[INSN_RDX] = (uint64_t)-1;
	assert_true(insn_linear(&i, 0, &r) == 0x1000 - 8);
	DECODE(INSN_64, &i, 0x0f, 0xa3, 0x10);
	r.gpr[INSN_RDX] = 0xffffffff; /* -1 as 32 bits */
	assert_true(insn_linear(&i, 0, &r) == 0x1000 - 4);
	DECODE(INSN_64, &i, 0x0f, 0xba, 0x28, 0x7f); /* an immediate does not */
	assert_false(i.mem[0].bit_string);
	assert_int_equal(i.mem[0].access, INSN_READ | INSN_WRITE);
}

static void vectors(void **state)
{
	struct insn i;

	(void)state;
	DECODE(INSN_64, &i, 0x0f, 0x11, 0x00);
	assert_int_equal(i.class, INSN_VECTOR);
	assert_int_equal(i.mem[0].size, 16);
	assert_int_equal(i.mem[0].access, INSN_WRITE);
	DECODE(INSN_64, &i, 0xf3, 0x0f, 0x7e, 0x00); /* movq load */
	assert_int_equal(i.mem[0].size, 8);
	assert_int_equal(i.mem[0].access, INSN_READ);
	DECODE(INSN_64, &i, 0xc5, 0xfe, 0x6f, 0x06); /* vmovdqu ymm */
	assert_int_equal(i.mem[0].size, 32);
	DECODE(INSN_64, &i, 0x0f, 0xae, 0x00); /* fxsave */
	assert_int_equal(i.mem[0].size, 512);
	DECODE(INSN_64, &i, 0x48, 0x0f, 0xc7, 0x08); /* cmpxchg16b */
	assert_int_equal(i.class, INSN_CMPXCHG);
	assert_int_equal(i.mem[0].size, 16);
}

static void registers(void **state)
{
	uint64_t g[16] = { [INSN_RBX] = 0x1122334455667788, [15] = ~0ull };

	(void)state;
	assert_true(insn_reg_get(g, INSN_RBX, 1, false) == 0x88);
	assert_true(insn_reg_get(g, INSN_RBX, 1, true) == 0x77);
	assert_true(insn_reg_get(g, INSN_RBX, 2, false) == 0x7788);
	assert_true(insn_reg_get(g, INSN_RBX, 4, false) == 0x55667788);
	assert_true(insn_reg_get(g, INSN_RBX, 8, false) == g[INSN_RBX]);
	insn_reg_set(g, INSN_RBX, 1, true, 0xaa);
	assert_true(g[INSN_RBX] == 0x112233445566aa88);
	insn_reg_set(g, INSN_RBX, 2, false, 0x1ffff);
	assert_true(g[INSN_RBX] == 0x112233445566ffff);
	insn_reg_set(g, 15, 4, false, ~0ull); /* clears the upper half */
	assert_true(g[15] == 0xffffffff);
	insn_reg_set(g, 15, 8, false, 5);
	assert_true(g[15] == 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_kinds),
		cmocka_unit_test(snp_kinds),
		cmocka_unit_test(ports),
		cmocka_unit_test(moves),
		cmocka_unit_test(control_registers),
		cmocka_unit_test(status_of),
		cmocka_unit_test(truncation),
		cmocka_unit_test(addresses),
		cmocka_unit_test(stack),
		cmocka_unit_test(bit_strings),
		cmocka_unit_test(vectors),
		cmocka_unit_test(registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

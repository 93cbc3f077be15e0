/* SPDX-License-Identifier: MIT */
/*
 * The decoder against Zydis, an independent one: whatever ours claims to know
 * must have the same length and the same memory operands.
 */
/* test-sources: lib/insn/decode.c lib/insn/operand.c lib/insn/table.c */
/* test-sources: lib/insn/group.c lib/insn/simd.c tests/unit/lib/insn/pair.c */
/* test-libs: -lZydis */
#include "tests/unit/lib/insn/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t seed = 0x2545f4914f6cdd1d;

static struct {
	struct pair pair;
	unsigned long agreed, only_ours, only_theirs;
	bool tell; /* what each side alone knows, for work on the tables */
} run;

static uint32_t random_word(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16);
}

static void run_start(enum insn_mode mode)
{
	run.agreed = run.only_ours = run.only_theirs = 0;
	run.tell = getenv("INSN_TELL");
	assert_true(pair_init(&run.pair, mode));
}

static void tell(const uint8_t *bytes, const char *why,
		 const struct pair_facts *facts)
{
	if (run.tell && random_word() % 64 == 0)
		pair_show(&run.pair, bytes, INSN_MAX, why, facts);
}

static void compare(const uint8_t *bytes)
{
	struct pair_facts facts;

	switch (pair_compare(&run.pair, bytes, INSN_MAX, &facts)) {
	case PAIR_AGREES:
		run.agreed++;
		break;
	case PAIR_NEITHER:
		break;
	case PAIR_ONLY_THEIRS:
		run.only_theirs++;
		tell(bytes, "only theirs", &facts);
		break;
	case PAIR_ONLY_OURS:
		run.only_ours++;
		tell(bytes, "only ours", &facts);
		break;
	default:
		pair_show(&run.pair, bytes, INSN_MAX, "differs", &facts);
		if (!getenv("INSN_ALL"))
			fail_msg("status %d", facts.status);
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
	uint8_t b[INSN_MAX];

	run_start(mode);
	for (unsigned n = 0; n < 300000; n++) {
		fill(b);
		compare(b);
	}
	printf("mode %d: %lu agree, %lu only ours, %lu only theirs\n", mode,
	       run.agreed, run.only_ours, run.only_theirs);
	assert_true(run.agreed > 150000);
	assert_true(run.only_ours < run.agreed / 50);
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

	run_start(mode);
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
			compare(b);
		}
	}
	assert_true(run.agreed > 500000);
}

static void run_vex(enum insn_mode mode)
{
	run_start(mode);
	for (uint32_t n = 0; n < 1000000; n++) {
		uint8_t b[INSN_MAX];

		fill(b);
		b[0] = n & 1 ? 0xc4 : 0xc5;
		if (n & 1)
			b[1] = (b[1] & 0xe0) | (uint8_t)(1 + n % 3);
		/* vvvv = 1111 is demanded where there is no third operand */
		if (n & 2)
			b[1 + (n & 1)] |= 0x78;
		compare(b);
	}
	assert_true(run.agreed > 5000);
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

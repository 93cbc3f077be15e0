/* SPDX-License-Identifier: MIT */
/*
 * The instruction decoder on any bytes in all modes: reads nothing beyond them, a
 * piece of an instruction never means something else than the whole, and what
 * it says of length and operands is what Zydis says.
 */
/* test-sources: lib/insn/decode.c lib/insn/operand.c lib/insn/table.c */
/* test-sources: lib/insn/group.c lib/insn/simd.c lib/insn/address.c */
/* test-sources: tests/unit/lib/insn/pair.c */
/* test-libs: -lZydis */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/insn/insn.h"
#include "tests/unit/lib/insn/pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fact)
{
	if (!fact)
		abort();
}

/* From a block of its own, so that one byte too far is seen. */
static enum insn_status decode(const uint8_t *bytes, size_t size,
			       enum insn_mode mode, struct insn *i)
{
	uint8_t *copy = malloc(size ? size : 1);
	enum insn_status s;

	must(copy);
	memcpy(copy, bytes, size);
	s = insn_decode(copy, size, mode, i);
	free(copy);
	return s;
}

static void check_operands(const struct insn *i)
{
	static const struct insn_regs regs = { .stack_size = 4 };

	must(i->mem_count <= 2);
	must(i->reg < 16 && (i->rm < 16 || i->rm == INSN_REG_NONE));
	for (unsigned k = 0; k < i->mem_count; k++) {
		const struct insn_mem *m = &i->mem[k];
		uint64_t at = insn_linear(i, k, &regs);

		must(m->base < 16 || m->base == INSN_REG_NONE);
		must(m->index < 16 || m->index == INSN_REG_NONE);
		must(m->segment <= INSN_GS && m->access <= 3);
		must(i->mode == INSN_64 || at <= UINT32_MAX);
	}
}

static void check_pieces(const uint8_t *data, const struct insn *whole)
{
	struct insn i;

	for (size_t n = 0; n < whole->length; n++)
		must(decode(data, n, whole->mode, &i) == INSN_TRUNCATED);
	must(decode(data, whole->length, whole->mode, &i) == INSN_OK);
	must(i.length == whole->length && i.class == whole->class);
}

static void check_pair(const uint8_t *data, size_t size, enum insn_mode mode)
{
	static struct pair pairs[INSN_64 + 1];
	struct pair *p = &pairs[mode];
	static bool ready[INSN_64 + 1];
	struct pair_facts facts;

	if (!ready[mode]) {
		must(pair_init(p, mode));
		ready[mode] = true;
	}
	if (pair_compare(p, data, size, &facts) != PAIR_DIFFERS)
		return;
	pair_show(p, data, size, "differs", &facts);
	fflush(stdout);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum insn_mode modes[] = { INSN_64, INSN_32, INSN_16 };

	for (unsigned m = 0; m < 3; m++) {
		struct insn i;
		enum insn_status s = decode(data, size, modes[m], &i);

		check_pair(data, size, modes[m]);
		must(s != INSN_TOO_LONG || size >= INSN_MAX);
		must(s != INSN_TRUNCATED || size < INSN_MAX);
		if (s != INSN_OK)
			continue;
		must(i.length > 0 && i.length <= size && i.length <= INSN_MAX);
		check_operands(&i);
		check_pieces(data, &i);
	}
	return 0;
}

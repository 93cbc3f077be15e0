/* SPDX-License-Identifier: MIT */
/* proof: of any bytes none past the given is read; a decoded instruction is 1 to
 *   15 bytes, no longer than given, and its registers and sizes exist
 * sources: lib/insn/decode.c lib/insn/operand.c lib/insn/table.c lib/insn/group.c
 *   lib/insn/simd.c
 * bound: any 4 bytes and any part of them, in all three modes; all 15 in long
 * flags: -DBOUND=4 --unwind 10 --unwindset group_7.0:22,row_find.0:90,take_prefixes.0:6
 * long: -DBOUND=16 --unwind 10 --unwindset group_7.0:22,row_find.0:90,take_prefixes.0:18
 * seconds: 90
 * mutation: lib/insn/decode.c@insn_next: d->at == d->size => d->at == d->size + 1
 */
#include "lib/insn/insn.h"
#include "proofs/fake/proof.h"

static uint8_t code[BOUND];

static bool reg_good(uint8_t reg)
{
	return reg < 16 || reg == INSN_REG_NONE;
}

int main(void)
{
	size_t size = any_upto(BOUND);
	enum insn_mode mode = nondet_bool()   ? INSN_64
			      : nondet_bool() ? INSN_32
					      : INSN_16;
	enum insn_status status;
	struct insn insn;

	ANY(code);
	/* At the end of the array: one byte more would be outside. */
	status = insn_decode(code + BOUND - size, size, mode, &insn);
	if (status != INSN_OK) {
		PROVE(status <= INSN_ILLEGAL);
		PROVE(status != INSN_TRUNCATED || size < INSN_MAX);
		PROVE(status != INSN_TOO_LONG || size >= INSN_MAX);
		return 0;
	}
	PROVE(insn.length && insn.length <= size && insn.length <= INSN_MAX);
	PROVE(insn.mem_count <= 2 && reg_good(insn.reg) && reg_good(insn.rm));
	for (unsigned int i = 0; i < insn.mem_count; i++) {
		PROVE(reg_good(insn.mem[i].base) &&
		      reg_good(insn.mem[i].index));
		PROVE(insn.mem[i].segment <= INSN_GS);
	}
	SEEN(insn.length == (BOUND < INSN_MAX ? BOUND : INSN_MAX));
	return 0;
}

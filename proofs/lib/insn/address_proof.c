/* SPDX-License-Identifier: MIT */
/* proof: registers are read and written in just the named bytes, as x86 does it;
 *   addresses outside 64-bit code stay below 4 GiB
 * sources: lib/insn/address.c
 * bound: none: any registers, any operand of the form that insn.h promises
 * flags: --unwind 17
 * mutation: lib/insn/address.c@insn_reg_set: size >= 4 => size > 4
 * mutation: lib/insn/address.c@low_bytes: 8 * size => 7 * size
 * mutation: lib/insn/address.c@insn_linear: m->segment >= INSN_FS => m->segment > INSN_FS
 * mutation: lib/insn/address.c@insn_linear: low_bytes(a + regs->seg_base[m->segment], 4) =>
 *   a + regs->seg_base[m->segment]
 */
#include "lib/insn/insn.h"
#include "proofs/fake/proof.h"

static void registers(void)
{
	uint64_t gpr[16], old[16], value = nondet_u64(), got, keep;
	unsigned int size = 1u << any_upto(3);
	uint8_t reg = (uint8_t)any_upto(15), other = (uint8_t)any_upto(15);
	bool high = nondet_bool();

	/* insn.h: only AH, CH, DH and BH are high. */
	GIVEN(!high || (size == 1 && reg < 4));
	ANY(gpr);
	for (int i = 0; i < 16; i++)
		old[i] = gpr[i];
	insn_reg_set(gpr, reg, size, high, value);
	got = insn_reg_get(gpr, reg, size, high);
	keep = size == 8 || size == 4 ? 0
	       : high		      ? ~0xff00ull
	       : size == 1	      ? ~0xffull
				      : ~0xffffull;
	PROVE((got ^ value) << (64 - 8 * size) == 0);
	PROVE(size == 8 || got >> 8 * size == 0);
	PROVE((gpr[reg] & keep) == (old[reg] & keep));
	PROVE(size != 4 || gpr[reg] >> 32 == 0);
	PROVE(other == reg || gpr[other] == old[other]);
}

static void addresses(void)
{
	struct insn_regs regs;
	struct insn insn;
	struct insn_mem *m = &insn.mem[0];
	uint64_t a;

	ANY(regs);
	ANY(insn);
	insn.mode = nondet_bool() ? INSN_64 : nondet_bool() ? INSN_32 : INSN_16;
	insn.address_size = (uint8_t)(2u << any_upto(2));
	insn.operand_size = (uint8_t)(1u << any_upto(3));
	m->scale = 1;
	GIVEN(m->segment <= INSN_GS);
	GIVEN(insn.mode == INSN_64 || insn.address_size != 8);
	regs.stack_size = nondet_bool() ? 2 : 4;
	a = insn_linear(&insn, 0, &regs);
	PROVE(insn.mode == INSN_64 || a >> 32 == 0);
	/* The base of any other segment counts for nothing there. */
	if (insn.mode == INSN_64 && insn.address_size == 4 && !m->stack)
		PROVE((m->segment < INSN_FS ? a
					    : a - regs.seg_base[m->segment]) >>
			      32 ==
		      0);
	SEEN(insn.mode == INSN_64 && a >> 63);
}

int main(void)
{
	if (nondet_bool())
		registers();
	else
		addresses();
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* proof: a table with any count and any content is never left
 * sources: kernel/cpu/features.c
 * bound: none: a whole CPUID page of any bytes
 * flags: --unwind 66
 * mutation: kernel/cpu/features.c@features_cpuid: count > SNP_CPUID_MAX =>
 *   count > SNP_CPUID_MAX + 1
 */
#include "kernel/cpu/features.c"

#include "proofs/fake/proof.h"

static struct snp_cpuid_page table;

int main(void)
{
	uint32_t leaf = nondet_u32(), subleaf = nondet_u32();
	const struct snp_cpuid_fn *fn;

	ANY(table);
	cpuid_page = &table;
	fn = features_cpuid(leaf, subleaf);
	PROVE(!fn || (fn >= table.fn && fn < table.fn + SNP_CPUID_MAX));
	SEEN(fn == &table.fn[SNP_CPUID_MAX - 1]);
	return 0;
}

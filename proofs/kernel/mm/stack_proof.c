/* SPDX-License-Identifier: MIT */
/* proof: a page fault maps pages of the kernel stack's own span and no others,
 *   each once and from the lowest one down, and never the guard; what is no
 *   access of the stack leaves it alone
 * sources: kernel/mm/stack.c kernel/base/stack.h proofs/fake/panic.c
 * bound: none: any stack of up to 6 pages (CPU_STACK_LIMIT), any fault
 * flags: --unwind 8 --arrays-uf-always
 * seconds: 60
 * mutation: kernel/base/stack.h@stack_judge: at < s->limit ? STACK_OVERFLOW =>
 *   at < s->limit - 4096 ? STACK_OVERFLOW
 * mutation: kernel/base/stack.h@stack_judge: sp - at > STACK_BELOW => false
 * mutation: kernel/mm/stack.c@stack_fault: while (at < s->low) =>
 *   while (at <= s->low)
 * mutation: kernel/mm/stack.c@stack_fault: ~(uint64_t)PF_W =>
 *   ~(uint64_t)(PF_W | 1)
 */
#include "kernel/mm/stack.h"

#include "abi/x86/paging.h"
#include "kernel/base/symbols.h"
#include "kernel/cpu/trap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"
#include "proofs/fake/proof.h"

char stack_spare[CPU_STACK_SPARES * PAGE_4K];
void *proof_gs;
static struct percpu cpu;
static uint64_t entry, lowest; /* of the last page that was mapped */

const char *symbols_name(uint64_t va, uint64_t *offset)
{
	(void)va;
	(void)offset;
	return NULL;
}

enum err page_take(struct pa *out)
{
	ANY(*out);
	return nondet_bool() ? OK : ERR_NOMEM;
}

uint64_t *selfmap_entry(const void *va, unsigned int level)
{
	__CPROVER_assert((uint64_t)va == lowest - PAGE_4K, "next page down");
	__CPROVER_assert((uint64_t)va >= cpu.stack.limit, "not the guard");
	__CPROVER_assert(!level, "the page's own entry");
	lowest = (uint64_t)va;
	return &entry;
}

/* As kernel/mm/cpuarea makes them. */
static void stack_any(void)
{
	struct stack *s = &cpu.stack;

	ANY(cpu);
	GIVEN(s->top <= ~0ull - PAGE_4K && addr_aligned(s->top, PAGE_4K));
	GIVEN(addr_aligned(s->low, PAGE_4K) && addr_aligned(s->limit, PAGE_4K));
	GIVEN(s->limit > STACK_GUARD && s->limit <= s->low && s->low < s->top);
	GIVEN(s->top - s->limit <= CPU_STACK_LIMIT * PAGE_4K);
	GIVEN(cpu.reserve_count <= CPU_STACK_RESERVE);
	proof_gs = &cpu;
	lowest = s->low;
}

int main(void)
{
	struct trap_frame f;
	uint64_t at = nondet_u64(), low;
	bool mapped;

	stack_any();
	low = cpu.stack.low;
	ANY(f);
	mapped = stack_fault(&f, at);
	PROVE(cpu.stack.low == lowest && lowest >= cpu.stack.limit);
	PROVE(mapped == (lowest < low));
	if (!mapped)
		return 0;
	PROVE(at >= lowest && at < low && at < lowest + PAGE_4K);
	PROVE(!(f.error & ~(uint64_t)PF_W));
	PROVE(at >= f.rsp || f.rsp - at <= STACK_BELOW);
	SEEN(low - lowest == 3 * PAGE_4K);
	return 0;
}

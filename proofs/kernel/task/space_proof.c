/* SPDX-License-Identifier: MIT */
/* proof: no page of a process is ever writable and executable, or made executable
 *   later; a change of rights is one of one entry, of the lower half
 * sources: kernel/task/space.c proofs/fake/panic.c
 * bound: one page added or changed; 8 entries of each table, and every table on the
 *   way is the same, of any content
 * flags: --unwind 5
 * mutation: kernel/task/space.c@leaf: | PTE_NX; => ;
 * mutation: kernel/task/space.c@space_add: !(rights & SPACE_WRITE && rights & SPACE_EXEC) =>
 *   rights != (SPACE_WRITE | SPACE_EXEC)
 * mutation: kernel/task/space.c@space_protect: !(old & PTE_NX) && => false &&
 * mutation: kernel/task/space.c@table_find: va >= USER_END => va >= 2 * USER_END
 * mutation: kernel/task/space.c@space_protect: rights & SPACE_EXEC => false
 */
#include "kernel/task/space.h"

#include "abi/x86/paging.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "lib/bits.h"
#include "proofs/fake/proof.h"

#define C_BIT (1ull << 51)

/* Entries of a table that addresses of the proof can lead to. */
#define PLACES 8u
#define LOW    (MASK(14, 12) | MASK(23, 21) | MASK(32, 30) | MASK(41, 39))

/* Any table; the walk finds it at each of its four steps. */
struct table {
	uint64_t at[PLACES];
};
static struct table table;
static struct pa given;

uint64_t kmap_c_bit(void)
{
	return C_BIT;
}

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use)
{
	PROVE(!(pa.v & C_BIT) && use == KMAP_WRITE);
	return (struct tmpmap){ .va = table.at };
}

void tmpmap_drop(struct tmpmap map)
{
	(void)map;
}

enum err page_take(struct pa *out)
{
	out->v = nondet_u64() & PTE_ADDR & ~C_BIT; /* page.h: a page of ours */
	given = *out;
	return nondet_bool() ? OK : ERR_NOMEM;
}

void page_give(struct pa page)
{
	PROVE(page.v == given.v);
}

static void good(uint64_t entry)
{
	PROVE(!(entry & PTE_W) || entry & PTE_NX);
	PROVE(entry & PTE_U && entry & C_BIT);
}

static void add(struct space *s, uint64_t va, uint32_t rights)
{
	uint64_t *entry = &table.at[PT_INDEX(va, 0)];

	if (space_add(s, va, rights) != OK)
		return;
	PROVE(va < USER_END && va % PAGE_4K == 0);
	PROVE(PT_INDEX(va, 3) < PT_ENTRIES / 2);
	good(*entry);
	PROVE((*entry & PTE_ADDR) == (given.v | C_BIT));
	PROVE(*entry & PTE_NX || rights & SPACE_EXEC);
	SEEN(rights == SPACE_EXEC);
}

static void change(struct space *s, uint64_t va, uint32_t rights)
{
	uint64_t was = table.at[PT_INDEX(va, 0)], now, other;
	size_t i = any_upto(PLACES - 1);

	other = table.at[i];
	/* What add() made, or an earlier change. */
	GIVEN(!was || (was & C_BIT && was & PTE_U));
	GIVEN(!(was & PTE_W) || was & PTE_NX);
	if (space_protect(s, va, rights) != OK)
		return;
	now = table.at[PT_INDEX(va, 0)];
	PROVE(i == PT_INDEX(va, 0) || table.at[i] == other);
	good(now);
	PROVE(va < USER_END && was && now & PTE_NX);
	PROVE((now & PTE_ADDR) == (was & PTE_ADDR));
	PROVE(was & PTE_NX || !(now & PTE_W));
	SEEN(now & PTE_W);
}

int main(void)
{
	struct space s = { { 0x1000 }, 1 };
	uint64_t va = nondet_u64() & LOW;
	uint32_t rights = nondet_u32();

	ANY(table);
	/* And some that are none of ring 3's, or not a page's. */
	if (nondet_bool())
		va |= nondet_u64() & (MASK(63, 47) | 1);
	if (nondet_bool())
		add(&s, va, rights);
	else
		change(&s, va, rights);
	return 0;
}

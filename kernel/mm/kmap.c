/* SPDX-License-Identifier: MIT */
/* Kernel page tables. Entries come with A and D set, so that the processor
 * never writes them and a lost update cannot happen. */
#include "kernel/mm/kmap.h"

#include "abi/x86/paging.h"
#include "hw/cpu.h"
#include "kernel/base/lock.h"
#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"

#define KMAP_TABLE (PTE_P | PTE_W | PTE_A | PTE_D)
#define KMAP_LEAF  (PTE_P | PTE_A | PTE_D | PTE_NX)

extern char sealed_start[], sealed_end[];

sealed static uint64_t c_bit;
sealed static uint64_t root;
static struct spinlock kmap_lock;

void kmap_init(const struct boot_launch *boot)
{
	c_bit = boot->c_bit;
	root = boot->root;
}

uint64_t kmap_root(void)
{
	return root | c_bit;
}

uint64_t kmap_c_bit(void)
{
	return c_bit;
}

uint64_t kmap_pte(struct pa pa, enum kmap_use use)
{
	uint64_t pte = pa.v | KMAP_LEAF;

	if (use != KMAP_READ)
		pte |= PTE_W;
	if (use == KMAP_DEVICE)
		pte |= PTE_PCD | PTE_PWT;
	return use >= KMAP_SHARED ? pte : pte | c_bit;
}

static enum err tables_make(void *va)
{
	unsigned int level;

	for (level = 3; level > 0; level--) {
		uint64_t *entry = selfmap_entry(va, level);
		struct pa table;
		enum err e;

		if (*entry & PTE_P)
			continue;
		e = page_take(&table);
		if (e != OK)
			return e;
		*entry = table.v | KMAP_TABLE | c_bit;
	}
	return OK;
}

enum err kmap_tables(void *va)
{
	enum err e;

	spin_lock(&kmap_lock);
	e = tables_make(va);
	spin_unlock(&kmap_lock);
	return e;
}

static enum err page_map(void *va, uint64_t pte)
{
	enum err e = tables_make(va);

	if (e != OK)
		return e;
	if (*selfmap_entry(va, 0) & PTE_P)
		return ERR_EXISTS;
	/* Absent entries are never cached: nothing to flush. */
	*selfmap_entry(va, 0) = pte;
	return OK;
}

enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	enum err e;

	spin_lock(&kmap_lock);
	e = page_map(va, kmap_pte(pa, use));
	spin_unlock(&kmap_lock);
	return e;
}

static bool table_present(const void *va)
{
	unsigned int level;

	for (level = 3; level > 0; level--)
		if (!(*selfmap_entry(va, level) & PTE_P))
			return false;
	return true;
}

enum err kmap_replace(void *va, struct pa pa, enum kmap_use use)
{
	if (!table_present(va))
		return ERR_ABSENT;
	*selfmap_entry(va, 0) = kmap_pte(pa, use);
	hw_invlpg(va);
	return OK;
}

enum err kmap_drop(void *va, struct pa *old)
{
	uint64_t *entry;

	if (!table_present(va))
		return ERR_ABSENT;
	entry = selfmap_entry(va, 0);
	if (!(*entry & PTE_P))
		return ERR_ABSENT;
	*old = (struct pa){ *entry & PTE_ADDR & ~c_bit };
	*entry = 0;
	hw_invlpg(va);
	return OK;
}

void once_seal(void)
{
	char *va;

	for (va = sealed_start; va < sealed_end; va += PAGE_4K) {
		*selfmap_entry(va, 0) &= ~PTE_W;
		hw_invlpg(va);
	}
	tlb_flush_all();
}

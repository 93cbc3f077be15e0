/* SPDX-License-Identifier: MIT */
/* Page tables of processes, through temporary windows. */
#include "kernel/task/space.h"

#include "abi/x86/paging.h"
#include "kernel/base/panic.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"

#define TABLE	   (PTE_P | PTE_W | PTE_U | PTE_A | PTE_D)
#define LEAF	   (PTE_P | PTE_U | PTE_A | PTE_D)
/* A page that is there and that ring 3 may not touch: mprotect(PROT_NONE). */
#define HIDDEN	   PTE_U
#define USER_SLOTS 256u

static uint64_t *window_table(struct tmpmap map)
{
	return map.va;
}

static struct pa entry_pa(uint64_t entry)
{
	return (struct pa){ entry & PTE_ADDR & ~kmap_c_bit() };
}

/* Upper entries that a process shares with the kernel. */
static void kernel_half(uint64_t *root)
{
	struct pa kernel = { kmap_root() & PTE_ADDR & ~kmap_c_bit() };
	struct tmpmap map = tmpmap_4k(kernel, KMAP_READ);
	const uint64_t *from = window_table(map);

	for (unsigned int i = USER_SLOTS; i < PT_ENTRIES; i++)
		root[i] = from[i];
	/* The kernel's own tables, whatever is loaded. */
	ASSERT(entry_pa(root[SELF_SLOT]).v == kernel.v);
	tmpmap_drop(map);
}

enum err space_make(struct space *s)
{
	enum err e = page_take(&s->root);
	struct tmpmap map;

	if (e != OK)
		return e;
	map = tmpmap_4k(s->root, KMAP_WRITE);
	kernel_half(map.va);
	tmpmap_drop(map);
	s->pages = 1;
	return OK;
}

/* The next table down, made when it is absent and @make says so. */
static enum err table_below(struct space *s, struct pa *table,
			    unsigned int index, bool make)
{
	struct tmpmap map = tmpmap_4k(*table, KMAP_WRITE);
	uint64_t *entry = window_table(map) + index;
	enum err e = *entry & PTE_P ? OK : ERR_ABSENT;
	struct pa below;

	if (e != OK && make) {
		e = page_take(&below);
		if (e == OK) {
			*entry = below.v | TABLE | kmap_c_bit();
			s->pages++;
		}
	}
	if (e == OK)
		*table = entry_pa(*entry);
	tmpmap_drop(map);
	return e;
}

/* The table that holds va's own entry. */
static enum err table_find(struct space *s, uint64_t va, bool make,
			   struct pa *table)
{
	enum err e = OK;

	if (va >= USER_END || !addr_aligned(va, PAGE_4K))
		return ERR_RANGE;
	*table = s->root;
	for (unsigned int level = 3; level > 0 && e == OK; level--)
		e = table_below(s, table, PT_INDEX(va, level), make);
	return e;
}

static uint64_t leaf(struct pa page, uint32_t rights)
{
	uint64_t entry = page.v | kmap_c_bit() | PTE_NX;

	if (rights & SPACE_NONE)
		return entry | HIDDEN;
	if (rights & SPACE_EXEC)
		entry &= ~PTE_NX;
	return entry | LEAF | (rights & SPACE_WRITE ? PTE_W : 0);
}

enum err space_add(struct space *s, uint64_t va, uint32_t rights)
{
	struct pa table, page;
	struct tmpmap map;
	uint64_t *entry;
	enum err e;

	ASSERT(!(rights & SPACE_WRITE && rights & SPACE_EXEC));
	e = table_find(s, va, true, &table);
	if (e == OK)
		e = page_take(&page);
	if (e != OK)
		return e;
	map = tmpmap_4k(table, KMAP_WRITE);
	entry = window_table(map) + PT_INDEX(va, 0);
	if (*entry)
		e = ERR_EXISTS;
	else
		*entry = leaf(page, rights);
	tmpmap_drop(map);
	if (e == OK)
		s->pages++;
	else
		page_give(page);
	return e;
}

/* Exchanges va's entry for what @change makes of it; 0 leaves it alone. */
static uint64_t entry_swap(struct space *s, uint64_t va, uint64_t value,
			   bool read_only)
{
	struct pa table;
	struct tmpmap map;
	uint64_t *entry, old;

	if (table_find(s, va, false, &table) != OK)
		return 0;
	map = tmpmap_4k(table, KMAP_WRITE);
	entry = window_table(map) + PT_INDEX(va, 0);
	old = *entry;
	if (!read_only)
		*entry = value;
	tmpmap_drop(map);
	return old;
}

bool space_drop(struct space *s, uint64_t va)
{
	uint64_t old = entry_swap(s, va, 0, false);

	if (!old)
		return false;
	page_give(entry_pa(old));
	s->pages--;
	return true;
}

enum err space_protect(struct space *s, uint64_t va, uint32_t rights)
{
	uint64_t old = entry_swap(s, va, 0, true);

	if (rights & SPACE_EXEC)
		return ERR_RANGE;
	if (!old)
		return ERR_ABSENT;
	/* Code that was writable for a moment is all an attacker needs. */
	if (!(old & PTE_NX) && rights & SPACE_WRITE)
		return ERR_STATE;
	entry_swap(s, va, leaf(entry_pa(old), rights), false);
	return OK;
}

enum err space_page(const struct space *s, uint64_t va, struct pa *out)
{
	uint64_t old = entry_swap((struct space *)s, va, 0, true);

	if (!old)
		return ERR_ABSENT;
	*out = entry_pa(old);
	return OK;
}

/* All of one table's pages; the tables below are empty by then. */
static void table_end(struct space *s, struct pa table, unsigned int slots)
{
	struct tmpmap map = tmpmap_4k(table, KMAP_WRITE);
	uint64_t *entry = window_table(map);

	for (unsigned int i = 0; i < slots; i++) {
		if (!entry[i])
			continue;
		page_give(entry_pa(entry[i]));
		s->pages--;
		entry[i] = 0;
	}
	tmpmap_drop(map);
}

static uint64_t entry_at(struct pa table, unsigned int i)
{
	struct tmpmap map = tmpmap_4k(table, KMAP_READ);
	uint64_t entry = window_table(map)[i];

	tmpmap_drop(map);
	return entry;
}

static void directory_end(struct space *s, struct pa directory)
{
	for (unsigned int i = 0; i < PT_ENTRIES; i++) {
		uint64_t entry = entry_at(directory, i);

		if (entry)
			table_end(s, entry_pa(entry), PT_ENTRIES);
	}
	table_end(s, directory, PT_ENTRIES);
}

static void upper_end(struct space *s, struct pa upper)
{
	for (unsigned int i = 0; i < PT_ENTRIES; i++) {
		uint64_t entry = entry_at(upper, i);

		if (entry)
			directory_end(s, entry_pa(entry));
	}
}

/* directory_end gives a directory's tables; the upper tables' turn is last. */
void space_end(struct space *s)
{
	for (unsigned int i = 0; i < USER_SLOTS; i++) {
		uint64_t entry = entry_at(s->root, i);

		if (!entry)
			continue;
		upper_end(s, entry_pa(entry));
		table_end(s, entry_pa(entry), PT_ENTRIES);
	}
	table_end(s, s->root, USER_SLOTS);
	page_give(s->root);
	s->pages--;
	ASSERT(s->pages == 0);
}

uint64_t space_root(const struct space *s)
{
	return s->root.v | kmap_c_bit();
}

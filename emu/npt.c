/* SPDX-License-Identifier: MIT */
/*
 * A 2 MiB region is mapped by one entry if its 512 RMP entries agree, else by a
 * table. A table that is unlinked stays untouched until a shootdown has driven
 * every processor out that may still walk it.
 */
#include "emu/npt.h"

#include "abi/x86/paging.h"
#include "emu/guestmem.h"
#include "emu/mm.h"
#include "emu/shootdown.h"

#define LEAF_ALL     (PTE_P | PTE_W | PTE_U | PTE_A | PTE_D)
#define TABLE_ALL    (PTE_P | PTE_W | PTE_U)
#define REGION_PAGES 512u

enum kind {
	SHARED,
	PRIVATE,
	UNPAGED,
	KINDS,
};

struct view {
	uint64_t *root;
	uint64_t base; /* added to the GPA: the C-bit of the private view */
	enum kind kind;
	uint32_t vmpl;
	bool used;
};

/* An unlinked table, by its own first words: a processor may still take them
 * for entries, so bit 0, "present", must be clear in both. */
struct limbo {
	struct limbo *next;
	uint64_t stamp; /* twice the count of shootdowns */
};

static struct view views[MACHINE_VMPLS][KINDS];
static struct limbo *limbo_first, *limbo_last;

void npt_init(void)
{
	for (uint32_t l = 0; l < MACHINE_VMPLS; l++) {
		uint64_t *paged = mm_page(), *unpaged = mm_page();

		views[l][SHARED] = (struct view){ paged, 0, SHARED, l, false };
		views[l][PRIVATE] =
			(struct view){ paged, CBIT, PRIVATE, l, false };
		views[l][UNPAGED] =
			(struct view){ unpaged, 0, UNPAGED, l, false };
	}
}

uint64_t npt_root(uint32_t vmpl, bool unpaged)
{
	return mm_pa(views[vmpl][unpaged ? UNPAGED : SHARED].root);
}

static void retire_table(uint64_t *table)
{
	struct limbo *l = (struct limbo *)table;

	l->next = NULL;
	l->stamp = 2 * shootdown_count();
	if (limbo_first)
		limbo_last->next = l;
	else
		limbo_first = l;
	limbo_last = l;
}

static uint64_t *new_table(void)
{
	struct limbo *l = limbo_first;

	if (l && l->stamp < 2 * shootdown_count()) {
		limbo_first = l->next;
		mm_free_page(l);
	}
	return mm_page();
}

static uint64_t *table_of(uint64_t entry)
{
	return mm_ptr(entry & PTE_ADDR);
}

/* The entry for the 2 MiB around @gpa; NULL if absent and not @create. */
static uint64_t *region_entry(const struct view *w, uint64_t gpa, bool create)
{
	uint64_t *table = w->root;

	for (unsigned level = 3; level >= 2; level--) {
		uint64_t *e = &table[PT_INDEX(gpa | w->base, level)];

		if (!(*e & PTE_P)) {
			if (!create)
				return NULL;
			*e = mm_pa(new_table()) | TABLE_ALL;
		}
		table = table_of(*e);
	}
	return &table[PT_INDEX(gpa | w->base, 1)];
}

static uint64_t device_leaf(const struct view *w, uint64_t gpa, uint64_t size)
{
	if (w->kind == PRIVATE || !guestmem_is_device(gpa, size))
		return 0;
	return gpa | LEAF_ALL;
}

/* What the RMP entry of a RAM page grants in a view, as a 4 KiB leaf. */
static uint64_t ram_leaf(const struct view *w, uint64_t gpa)
{
	const struct rmp_entry *e = rmp_look(&machine.rmp, guestmem_frame(gpa));
	uint8_t flags = guestmem_flags(gpa), perms;
	uint64_t leaf = guestmem_host(gpa) | PTE_P | PTE_U | PTE_A | PTE_D;

	if (!e || (flags & PAGE_SCRAMBLE))
		return 0;
	/* A lie about sizes is met at the fault. */
	if ((flags & PAGE_SMALL) && (e->bits & RMP_2M))
		return 0;
	if (!(e->bits & RMP_ASSIGNED))
		return w->kind == SHARED ? leaf | PTE_W : 0;
	if (!(e->bits & RMP_VALIDATED) || (e->bits & RMP_IMMUTABLE) ||
	    e->gfn != gpa >> PAGE_SHIFT_4K)
		return 0;
	if (w->kind == SHARED && !(flags & PAGE_ALIAS(w->vmpl)))
		return 0;
	perms = rmp_perms(e, w->vmpl);
	if (!(perms & VMPL_READ))
		return 0;
	if (perms & VMPL_WRITE)
		leaf |= PTE_W;
	if (!(perms & (VMPL_EXEC_USER | VMPL_EXEC_SUPER)))
		leaf |= PTE_NX;
	return leaf;
}

static uint64_t leaf_4k(const struct view *w, uint64_t gpa)
{
	if (guestmem_is_ram(gpa, PAGE_4K))
		return ram_leaf(w, gpa);
	return device_leaf(w, gpa, PAGE_4K);
}

static bool flags_clear(uint64_t region)
{
	for (uint64_t i = 0; i < REGION_PAGES; i++)
		if (guestmem_flags(region + i * PAGE_4K))
			return false;
	return true;
}

/* 0 if the region has no one answer. */
static uint64_t leaf_2m(const struct view *w, uint64_t region)
{
	uint64_t leaf;

	if (!guestmem_is_ram(region, PAGE_2M)) {
		leaf = device_leaf(w, region, PAGE_2M);
		return leaf ? leaf | PTE_PS : 0;
	}
	if (!addr_aligned(guestmem_host(region), PAGE_2M) ||
	    !rmp_uniform_2m(&machine.rmp, region))
		return 0;
	guestmem_settle(region, REGION_PAGES);
	if (!flags_clear(region))
		return 0;
	leaf = ram_leaf(w, region);
	return leaf ? leaf | PTE_PS : 0;
}

static void fill_table(const struct view *w, uint64_t *entry, uint64_t region)
{
	uint64_t *table = new_table();

	for (uint64_t i = 0; i < REGION_PAGES; i++)
		table[i] = leaf_4k(w, region + i * PAGE_4K);
	*entry = mm_pa(table) | TABLE_ALL;
}

void npt_map(struct vcpu *c, uint64_t gpa, bool private)
{
	enum kind kind = c->unpaged ? UNPAGED : private ? PRIVATE : SHARED;
	struct view *w = &views[c->vmpl][kind];
	uint64_t region = addr_down(gpa, PAGE_2M);
	uint64_t page = addr_down(gpa, PAGE_4K);
	uint64_t *entry = region_entry(w, gpa, true);
	uint64_t leaf;

	w->used = true;
	if (!(*entry & PTE_P) || (*entry & PTE_PS)) {
		leaf = leaf_2m(w, region);
		if (leaf) {
			*entry = leaf;
			return;
		}
		guestmem_settle(page, 1);
		fill_table(w, entry, region);
		return;
	}
	guestmem_settle(page, 1);
	table_of(*entry)[PT_INDEX(gpa, 0)] = leaf_4k(w, page);
}

static void update_region(const struct view *w, uint64_t gpa, uint64_t pages)
{
	uint64_t *entry = region_entry(w, gpa, false);
	uint64_t *table;

	if (!entry || !(*entry & PTE_P))
		return;
	if (*entry & PTE_PS) {
		*entry = 0;
		return;
	}
	table = table_of(*entry);
	if (pages == REGION_PAGES) {
		*entry = 0;
		retire_table(table);
		return;
	}
	for (; pages--; gpa += PAGE_4K)
		table[PT_INDEX(gpa, 0)] = leaf_4k(w, gpa);
}

static void update_view(const struct view *w, uint64_t gpa, uint64_t pages)
{
	while (pages) {
		uint64_t n = REGION_PAGES - PT_INDEX(gpa, 0);

		if (n > pages)
			n = pages;
		update_region(w, gpa, n);
		gpa += n * PAGE_4K;
		pages -= n;
	}
}

void npt_update(uint64_t gpa, uint64_t pages)
{
	gpa = addr_down(gpa, PAGE_4K);
	for (uint32_t l = 0; l < MACHINE_VMPLS; l++)
		for (unsigned k = 0; k < KINDS; k++)
			if (views[l][k].used)
				update_view(&views[l][k], gpa, pages);
}

void npt_open_alias(uint32_t vmpl, uint64_t gpa)
{
	guestmem_flags_set(gpa, (uint8_t)PAGE_ALIAS(vmpl), 0);
	npt_update(gpa, 1);
}

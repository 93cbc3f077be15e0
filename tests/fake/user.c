/* SPDX-License-Identifier: MIT */
/* See user.h. */
#include "tests/fake/user.h"

#include <stdlib.h>
#include <string.h>

#include "abi/x86/cpuid.h"
#include "abi/x86/paging.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/mm/guestmem.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"

#define C_BIT	 (1ull << 47)
#define TABLE_PA 0x00007ffffffff000ull

static struct pa root;
static struct archive_entry image;

static void need(bool ok)
{
	if (!ok)
		abort();
}

uint64_t kmap_root(void)
{
	return root.v | C_BIT;
}

uint64_t kmap_c_bit(void)
{
	return C_BIT;
}

bool features_smap(void)
{
	return true;
}

__attribute__((weak)) bool features_pcid(void)
{
	return false;
}

/* Weak: a test may bring its own. */
__attribute__((weak)) const struct snp_cpuid_fn *
features_cpuid(uint32_t leaf, uint32_t subleaf)
{
	static const struct snp_cpuid_fn seed = { .ebx = CPUID_7_EBX_RDSEED };

	(void)subleaf;
	return leaf == CPUID_LEAF_STRUCTURED ? &seed : NULL;
}

static uint64_t *table_at(uint64_t entry)
{
	uint64_t at = entry & TABLE_PA;

	need(at < fake.ram_size && entry & C_BIT);
	return (uint64_t *)(fake.ram + at);
}

void *user_at(uint64_t va, bool write, bool run)
{
	uint64_t entry = fake.cr3;
	unsigned int level = 4;

	if (va >= USER_END || !entry)
		return NULL;
	while (level-- > 0) {
		entry = table_at(entry)[PT_INDEX(va, level)];
		if (!(entry & PTE_P) || !(entry & PTE_U) ||
		    (write && !(entry & PTE_W)) || (run && entry & PTE_NX))
			return NULL;
	}
	return (char *)table_at(entry) + va % PAGE_4K;
}

/* Addresses of ring 3 in these tests; the program's own lie between. */
static bool is_user(const void *at)
{
	return (uint64_t)at < 1ull << 40 || (uint64_t)at >= USER_END - PAGE_4K;
}

/* As the kernel's: what faults ends it, and something was copied then. */
bool guest_copy(void *to, const void *from, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++) {
		char *t = (char *)((uint64_t)to + i);
		const char *f = (const char *)((uint64_t)from + i);

		if (is_user(t))
			t = user_at((uint64_t)t, true, false);
		if (is_user(f))
			f = user_at((uint64_t)f, false, false);
		if (!t || !f)
			return false;
		*t = *f;
	}
	return true;
}

void user_reset(void)
{
	uint64_t *slots;

	fake_mm_reset(USER_RAM);
	fake_assign(0, USER_RAM);
	page_init((struct pa_range){ { 0 }, USER_RAM }, PAGE_4K, USER_RAM);
	need(page_take(&root) == OK);
	slots = (uint64_t *)(fake.ram + root.v);
	for (unsigned int i = 256; i < 512; i++)
		slots[i] = 0x1000ull * i;
	slots[SELF_SLOT] = root.v | PTE_P | PTE_W | C_BIT;
}

void user_make(struct task *t, uint64_t heap)
{
	memset(t, 0, sizeof(*t));
	image = (struct archive_entry){ .name = "test", .heap = heap };
	t->image = &image;
	t->state = TASK_RUNS;
	t->brk = TASK_BRK;
	t->log_burst = 64;
	need(space_make(&t->space) == OK);
	need(space_add(&t->space, USER_DATA, SPACE_WRITE) == OK);
	need(space_add(&t->space, USER_TEXT, SPACE_EXEC) == OK);
	need(space_add(&t->space, TASK_PAGE, SPACE_WRITE) == OK);
	need(space_page(&t->space, TASK_PAGE, &t->page) == OK);
	fake.cr3 = space_root(&t->space);
}

static uint8_t seen[USER_RAM / PAGE_4K];

static uint64_t table_check(uint64_t entry, unsigned int level,
			    unsigned int slots)
{
	const uint64_t *table = table_at(entry);
	uint64_t pages = 1;

	need(!seen[(entry & TABLE_PA) / PAGE_4K]++);
	if (!level--)
		return pages;
	for (unsigned int i = 0; i < slots; i++) {
		uint64_t e = table[i];

		if (!e)
			continue;
		/* Both only in upper tables, whose pages decide. */
		need(level || !(e & PTE_W) || e & PTE_NX);
		need(e & PTE_U);
		pages += table_check(e, level, 512);
	}
	return pages;
}

void user_check(const struct task *t)
{
	const uint64_t *slots = table_at(space_root(&t->space));
	const uint64_t *kernel = (uint64_t *)(fake.ram + root.v);

	memset(seen, 0, sizeof(seen));
	seen[root.v / PAGE_4K] = 1;
	need(table_check(space_root(&t->space), 4, 256) == t->space.pages);
	need(!memcmp(slots + 256, kernel + 256, 256 * 8));
}

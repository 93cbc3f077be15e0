/* SPDX-License-Identifier: MIT */
/* What must not work, each by the fault that it takes: W^X, sealed data, guards,
 * SMAP, SMEP; and that no entry of the page tables allows it. */
#include "abi/boot/launch.h"
#include "abi/x86/cr.h"
#include "abi/x86/paging.h"
#include "abi/x86/trap.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/cpu/features.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/selfmap.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/task/space.h"
#include "kernel/task/usercopy.h"
#include "tests/inject/fault.h"
#include "tests/inject/suite.h"

#define PF_PRESENT 1u
#define PF_WRITE   2u
#define PF_EXEC	   16u
#define NOWHERE	   0x123456789000ull
#define ODD	   0x8000000000000000ull
#define USER_VA	   0x400000ull
#define RET	   0xc3u

extern char kernel_text_start[], kernel_text_end[];

static void touch_read(void *at)
{
	(void)*(volatile uint8_t *)at;
}

static void touch_write(void *at)
{
	volatile uint8_t *byte = at;

	*byte = *byte;
}

static void touch_write_only(void *at)
{
	*(volatile uint8_t *)at = 0;
}

static void touch_exec(void *at)
{
	((void (*)(void))at)();
}

static void faults(void (*act)(void *at), const volatile void *at,
		   uint64_t error, const char *what)
{
	struct fault f = fault_catch(act, (void *)at);

	suite_expect(f.vector == TRAP_PF && f.error == error &&
			     f.address == (uint64_t)at,
		     what);
}

static void rights_try(struct percpu *cpu)
{
	static const uint64_t constant = RET;
	static uint64_t data = RET;
	struct fault f;

	faults(touch_read, NULL, 0, "NULL can be read");
	faults(touch_read, (void *)NOWHERE, 0, "no page can be read");
	faults(touch_write, kernel_text_start, PF_PRESENT | PF_WRITE,
	       "code can be written");
	faults(touch_write, &constant, PF_PRESENT | PF_WRITE,
	       "a constant can be written");
	faults(touch_write, &platform, PF_PRESENT | PF_WRITE,
	       "sealed data can be written");
	faults(touch_exec, &data, PF_PRESENT | PF_EXEC, "data can be executed");
	faults(touch_exec, &constant, PF_PRESENT | PF_EXEC,
	       "a constant can be executed");
	faults(touch_exec, (char *)cpu, PF_PRESENT | PF_EXEC,
	       "a CPU's area can be executed");
	faults(touch_exec, selfmap_entry(&data, 0), PF_PRESENT | PF_EXEC,
	       "a page table can be executed");
	faults(touch_write_only, percpu_page(cpu->index, CPU_PAGE_STACK - 1),
	       PF_WRITE, "the guard of the stack can be written");
	faults(touch_write_only, percpu_page(cpu->index, CPU_PAGE_IST_PF - 1),
	       PF_WRITE, "the guard of the #PF stack can be written");
	f = fault_catch(touch_read, (void *)ODD);
	suite_expect(f.vector == TRAP_GP, "an odd address can be read");
}

/* One table's entries, all of them below @va. Levels as in selfmap.h. */
static bool entry_good(uint64_t entry, unsigned int level)
{
	bool leaf = level == 0 || entry & PTE_PS;

	if (!(entry & PTE_P))
		return true;
	/* Nothing is ring 3's here; code cannot be written. */
	return !(entry & PTE_U) &&
	       (!leaf || (entry & PTE_NX) || !(entry & PTE_W));
}

static uint32_t table_walk(uint64_t va, unsigned int level, uint32_t *bad)
{
	uint32_t pages = 0;

	for (unsigned int i = 0; i < PT_ENTRIES; i++) {
		uint64_t at = va + ((uint64_t)i << (12 + 9 * level));
		uint64_t entry = *selfmap_entry((void *)at, level);

		*bad += !entry_good(entry, level);
		if (!(entry & PTE_P))
			continue;
		if (level && !(entry & PTE_PS))
			pages += table_walk(at, level - 1, bad);
		else
			pages++;
	}
	return pages;
}

static void tables_walk(void)
{
	uint64_t va = (uint64_t)CPU_AREAS_VA; /* of slot 511, all of it */
	const uint64_t *root = selfmap_entry(NULL, 3);
	uint32_t bad = 0, pages = table_walk(va, 2, &bad);

	suite_expect(!bad && pages > 16, "an entry allows too much");
	for (unsigned int i = 0; i < PT_ENTRIES; i++)
		suite_expect(!(root[i] & PTE_P) || i == 511 ||
				     (i == SELF_SLOT && root[i] & PTE_NX),
			     "the top table holds something else");
	log_line("selftest: rights: %u mapped pages looked at", pages);
}

void suite_rights(struct percpu *cpu)
{
	rights_try(cpu);
	suite_meet();
	if (cpu->index == 0)
		tables_walk();
}

static bool user_page_make(struct space *s)
{
	struct tmpmap map;
	struct pa page;

	if (space_make(s) != OK)
		return false;
	if (space_add(s, USER_VA, SPACE_EXEC) != OK ||
	    space_page(s, USER_VA, &page) != OK) {
		space_end(s);
		return false;
	}
	map = tmpmap_4k(page, KMAP_WRITE);
	*(uint8_t *)map.va = RET;
	tmpmap_drop(map);
	return true;
}

static void user_page_try(void)
{
	void *at = (void *)USER_VA;
	uint8_t byte = 0;

	if (features_smap())
		faults(touch_read, at, PF_PRESENT, "SMAP lets us read");
	else
		suite_skip("this processor has no SMAP");
	if (features_cr4() & CR4_SMEP)
		faults(touch_exec, at, PF_PRESENT | PF_EXEC,
		       "SMEP lets us execute");
	else
		suite_skip("this processor has no SMEP");
	suite_expect(usercopy_in(&byte, USER_VA, 1) == OK && byte == RET,
		     "a copy from ring 3 failed");
	suite_expect(usercopy_out(USER_VA, &byte, 1) == ERR_ABSENT,
		     "a copy to read-only memory did not fail");
	suite_expect(usercopy_in(&byte, USER_VA + PAGE_4K, 1) == ERR_ABSENT,
		     "a copy from nowhere did not fail");
	suite_expect(usercopy_in(&byte, (uint64_t)&platform, 1) == ERR_RANGE,
		     "a copy from the kernel did not fail");
}

void suite_user_pages(struct percpu *cpu)
{
	struct space s;

	(void)cpu;
	if (!user_page_make(&s)) {
		suite_expect(false, "no address space");
		return;
	}
	hw_cr3_write(space_root(&s));
	user_page_try();
	hw_cr3_write(kmap_root());
	space_end(&s);
}

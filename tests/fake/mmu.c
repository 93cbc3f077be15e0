/* SPDX-License-Identifier: MIT */
/* A fault walks the tables, then the page is mapped a second time. */
#include "tests/fake/mmu.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "abi/boot/launch.h"
#include "abi/x86/paging.h"
#include "tests/fake/hw/fake.h"

#define TABLE_PA 0x00007ffffffff000ull /* without the C-bit, bit 47 */
#define SPACE	 (HEAP_VA - CPU_AREAS_VA + (1ull << 30))

static uint64_t entry_of(uint64_t va)
{
	uint64_t entry = fake.cr3 | PTE_P;
	unsigned int level = 4;

	while (entry & PTE_P && level-- > 0) {
		uint64_t table = entry & TABLE_PA;

		if (table >= fake.ram_size)
			abort();
		entry = ((uint64_t *)(fake.ram + table))[PT_INDEX(va, level)];
	}
	return entry;
}

static void fault(int number, siginfo_t *info, void *context)
{
	uint64_t va = (uint64_t)info->si_addr & ~(PAGE_4K - 1);
	uint64_t entry;
	int rights = PROT_READ;
	void *page;

	(void)number;
	(void)context;
	if (va - CPU_AREAS_VA >= SPACE || info->si_code != SEGV_MAPERR)
		abort();
	entry = entry_of(va);
	if (!(entry & PTE_P))
		abort();
	if (entry & PTE_W)
		rights |= PROT_WRITE;
	page = mremap(fake.ram + (entry & TABLE_PA), 0, PAGE_4K,
		      MREMAP_MAYMOVE | MREMAP_FIXED, (void *)va);
	if (page == MAP_FAILED || mprotect(page, PAGE_4K, rights) != 0)
		abort();
}

void mmu_start(void)
{
	struct sigaction action = { .sa_sigaction = fault,
				    .sa_flags = SA_SIGINFO };

	if (sigaction(SIGSEGV, &action, NULL) != 0)
		abort();
}

void mmu_reset(void)
{
	munmap((void *)CPU_AREAS_VA, SPACE);
}

/* SPDX-License-Identifier: MIT */
/* The kernel's page tables as far as kernel/guest needs them: a page of the
 * fake machine appears at a second address. */
#include <sys/mman.h>

#include "kernel/mm/gate.h"
#include "kernel/mm/kmap.h"
#include "tests/fake/hw/fake.h"

enum err kmap_replace(void *va, struct pa pa, enum kmap_use use)
{
	int rights = use == KMAP_READ ? PROT_READ : PROT_READ | PROT_WRITE;

	if (mremap(fake.ram + pa.v, 0, PAGE_4K, MREMAP_MAYMOVE | MREMAP_FIXED,
		   va) != va)
		return ERR_NOMEM;
	return mprotect(va, PAGE_4K, rights) == 0 ? OK : ERR_NOMEM;
}

/* A page table may be due for it. */
enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	return gate_page() ? kmap_replace(va, pa, use) : ERR_NOMEM;
}

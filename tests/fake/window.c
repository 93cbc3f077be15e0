/* SPDX-License-Identifier: MIT */
/* The kernel's page tables as far as kernel/guest needs them: a page of the
 * fake machine appears at a second address. */
#include "tests/fake/window.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "kernel/mm/gate.h"
#include "tests/fake/hw/fake.h"

#define WINDOWS	     64u
#define WINDOW_PAGES 8192u

static struct window {
	void *va;
	struct pa pa;
	enum kmap_use use;
} windows[WINDOWS];
/* As they truly are: not put back with the program's data (interleave/state.h). */
static struct window mapped[WINDOWS] __attribute__((section("apart")));
static bool had_second[WINDOW_PAGES] __attribute__((section("apart")));

static enum err map(void *va, struct pa pa, enum kmap_use use)
{
	int rights = use == KMAP_READ ? PROT_READ : PROT_READ | PROT_WRITE;

	if (mremap(fake.ram + pa.v, 0, PAGE_4K, MREMAP_MAYMOVE | MREMAP_FIXED,
		   va) != va)
		return ERR_NOMEM;
	if (pa.v / PAGE_4K < WINDOW_PAGES)
		had_second[pa.v / PAGE_4K] = true;
	return mprotect(va, PAGE_4K, rights) == 0 ? OK : ERR_NOMEM;
}

static bool same(const struct window *a, const struct window *b)
{
	return a->va == b->va && a->pa.v == b->pa.v && a->use == b->use;
}

static enum err map_window(unsigned int i)
{
	if (same(&windows[i], &mapped[i]))
		return OK;
	mapped[i] = windows[i];
	return map(windows[i].va, windows[i].pa, windows[i].use);
}

void fake_windows_again(void)
{
	for (unsigned int i = 0; i < WINDOWS && windows[i].va; i++)
		if (map_window(i) != OK)
			abort();
}

enum err kmap_replace(void *va, struct pa pa, enum kmap_use use)
{
	unsigned int i = 0;

	while (i < WINDOWS && windows[i].va && windows[i].va != va)
		i++;
	if (i == WINDOWS)
		abort();
	windows[i] = (struct window){ va, pa, use };
	mapped[i].va = NULL;
	return map_window(i);
}

/* A page table may be due for it. */
enum err kmap_page(void *va, struct pa pa, enum kmap_use use)
{
	return gate_page() ? map(va, pa, use) : ERR_NOMEM;
}

bool fake_windowed(uint64_t gpa)
{
	return gpa / PAGE_4K >= WINDOW_PAGES || had_second[gpa / PAGE_4K];
}

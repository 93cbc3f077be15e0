/* SPDX-License-Identifier: MIT */
/*
 * Allocator operations in instructions at VMPL0, by the emulated machine's
 * meter, so that what the machine does itself does not count. Exact under
 * icount. Lines "bench NAME VALUE" are read by scripts/bench.py.
 */
#include "tests/inject/cost.h"

#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/page.h"
#include "kernel/snp/ghcb_msr.h"
#include "lib/str.h"

#define ROUNDS 64u
#define SMALL  64u /* bytes of the object that is tried */

static struct pa pages[ROUNDS];
static void *objects[ROUNDS];

static uint64_t meter(void)
{
	return ghcb_msr_call(GHCB_MSR_METER_REQ) >> 12;
}

static void pages_take(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		if (page_take(&pages[i]) != OK)
			panic("cost: no page");
}

static void pages_give(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		page_give(pages[i]);
}

static void objects_take(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		if (heap_take(SMALL, &objects[i]) != OK)
			panic("cost: no object");
}

static void objects_give(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		heap_give(objects[i], SMALL);
}

static void measure(const char *name, void (*run)(void))
{
	uint64_t start = meter();

	run();
	log_line("bench %s %llu", name,
		 (unsigned long long)((meter() - start) / ROUNDS));
}

void cost_test(const char *what)
{
	uint64_t msr = hw_rdmsr(MSR_GHCB);

	if (percpu_this()->index || strcmp(what, "memory") != 0)
		return;
	measure("page_take_fresh", pages_take);
	measure("page_give", pages_give);
	measure("page_take", pages_take);
	pages_give();
	/* The first pass pays for the pages behind the objects. */
	objects_take();
	objects_give();
	measure("heap_take", objects_take);
	measure("heap_give", objects_give);
	hw_wrmsr(MSR_GHCB, msr);
}

/* SPDX-License-Identifier: MIT */
/* Growth of kernel stacks, in the page-fault handler, and their reserves. */
#include "kernel/mm/stack.h"

#include "abi/x86/paging.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/base/symbols.h"
#include "kernel/cpu/trap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/selfmap.h"

/*
 * For a CPU that must grow while its reserve is empty, because there was no
 * memory to fill it or because the depth that was promised at build time is
 * wrong. Shared by all CPUs, handed out once.
 */
extern char stack_spare[]; /* CPU_STACK_SPARES pages, in the image's bss */
static uint32_t spares_taken;

static bool spare_take(struct pa *out)
{
	uint32_t n = __atomic_load_n(&spares_taken, __ATOMIC_RELAXED);

	do {
		if (n == CPU_STACK_SPARES)
			return false;
	} while (!__atomic_compare_exchange_n(&spares_taken, &n, n + 1, false,
					      __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	*out = kmap_image_pa(stack_spare + n * PAGE_4K);
	return true;
}

uint32_t stack_spares(void)
{
	return CPU_STACK_SPARES -
	       __atomic_load_n(&spares_taken, __ATOMIC_RELAXED);
}

/* The end, told with the three facts that help: whose, how deep, where. */
_Noreturn static void stack_end(const struct stack *s,
				const struct trap_frame *f, uint64_t at,
				const char *why)
{
	uint64_t off = 0;
	const char *function = symbols_name(f->rip, &off);

	panic_at(f->rip, f->rbp, "%s %s: %lu bytes deep in %s+0x%lx", s->name,
		 why, s->top - at, function ? function : "?", off);
}

/* The page table of the area exists, and absent entries are never cached: one
 * write is all. */
static bool grow(struct percpu *cpu)
{
	struct stack *s = &cpu->stack;
	struct pa page;

	if (cpu->reserve_count)
		page = cpu->reserve[--cpu->reserve_count];
	else if (!spare_take(&page))
		return false;
	s->low -= PAGE_4K;
	s->grown++;
	*selfmap_entry((void *)s->low, 0) = page.v | cpu->window_bits;
	cpu->stack_short = true;
	return true;
}

bool stack_fault(const struct trap_frame *f, uint64_t at)
{
	struct percpu *cpu = percpu_this();
	const struct stack *s = &cpu->stack;

	/* Only a page that is absent, only a read or write of the kernel. */
	if (f->error & ~(uint64_t)PF_W)
		return false;
	switch (stack_judge(s, at, f->rsp)) {
	case STACK_GROWS:
		/* A frame may skip a page: no holes are left behind. */
		while (at < s->low)
			if (!grow(cpu))
				stack_end(s, f, at, "finds no page to grow");
		return true;
	case STACK_OVERFLOW:
		stack_end(s, f, at, "overflow");
	case STACK_OTHER:
		break;
	}
	return false;
}

static bool reserve_wanted(const struct percpu *cpu)
{
	uint64_t room = (cpu->stack.low - cpu->stack.limit) / PAGE_4K;

	return cpu->reserve_count < CPU_STACK_RESERVE &&
	       cpu->reserve_count < room;
}

void stack_refill(struct percpu *cpu)
{
	const struct stack *s = &cpu->stack;
	struct pa page;

	while (reserve_wanted(cpu)) {
		if (page_take(&page) != OK)
			return;
		cpu->reserve[cpu->reserve_count++] = page;
	}
	cpu->stack_short = false;
	log_line("%s grew to %lu bytes, %lu used", s->name, s->top - s->low,
		 stack_used(s));
}

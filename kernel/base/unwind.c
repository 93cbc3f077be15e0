/* SPDX-License-Identifier: MIT */
/* Stack traces for panic. */
#include "kernel/base/unwind.h"

#include "abi/boot/launch.h"
#include "kernel/base/log.h"
#include "kernel/base/percpu.h"
#include "kernel/base/symbols.h"

#define STACK_PAGE 4096u

bool unwind_on_stack(uint64_t at, uint64_t size)
{
	const struct percpu *cpu = percpu_this();
	uint64_t off = at - (uint64_t)percpu_area(cpu->index);
	uint64_t page = off / STACK_PAGE;

	if (stack_holds(&cpu->stack, at, size))
		return true;
	return (page == CPU_PAGE_IST_VC || page == CPU_PAGE_IST_PF ||
		page == CPU_PAGE_IST_DF || page == CPU_PAGE_IST_NMI) &&
	       off % STACK_PAGE + size <= STACK_PAGE;
}

static void frame_log(unsigned int n, uint64_t rip)
{
	uint64_t off;
	const char *name = symbols_name(rip, &off);

	if (name)
		log_panic("  #%u %p %s+0x%lx", n, (void *)rip, name, off);
	else
		log_panic("  #%u %p", n, (void *)rip);
}

void unwind_log(uint64_t rip, uint64_t rbp)
{
	unsigned int n;

	for (n = 0; n < UNWIND_DEPTH; n++) {
		const uint64_t *frame = (const uint64_t *)rbp;

		frame_log(n, rip);
		if (!frame || rbp % 8 != 0 || !unwind_on_stack(rbp, 16))
			return;
		/* Callers lie higher: anything else is a loop or damage. */
		if (frame[0] != 0 && frame[0] <= rbp)
			return;
		rbp = frame[0];
		rip = frame[1];
		if (rip == 0)
			return;
	}
}

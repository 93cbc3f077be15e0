/* SPDX-License-Identifier: MIT */
/*
 * The per-CPU record: one page at CPU_PAGE_SELF of the CPU's area, GS base
 * points at it. Only its own CPU touches it, except `state` and what begins with tlb_, and except
 * before that CPU runs. Interrupts stay off in the kernel.
 */
#pragma once

#include <stdbool.h>

#include "abi/boot/launch.h"
#include "abi/check.h"
#include "abi/x86/desc.h"
#include "hw/cpu.h"
#include "kernel/base/offsets.h"
#include "kernel/base/stack.h"
#include "lib/addr.h"

struct ghcb;
struct vcpu;

enum cpu_state {
	CPU_ABSENT,   /* not asked for yet */
	CPU_STARTING, /* handed to the host */
	CPU_ONLINE,   /* set by the CPU itself */
	CPU_FAILED,   /* gave no sign of life in time */
};

/* Does a CPU take part in flushes of translations? */
enum tlb_state {
	TLB_APART, /* not yet */
	TLB_ACTIVE,
	TLB_RESTS, /* it catches up when it comes back */
};

struct percpu {
	struct percpu *self; /* first: hw_gs_self() reads it */
	/* kernel/cpu/user.S: where ring 3 returns to, and its stack pointer */
	uint64_t user_rsp;
	uint64_t user_scratch;
	uint32_t index;
	uint32_t apic_id;
	uint32_t state;	   /* enum cpu_state, atomic */
	uint32_t ist_busy; /* bit n: IST stack n is in use */

	/* kernel/mm/stack: the kernel stack, zeroed pages for its growth */
	struct stack stack;
	struct pa reserve[CPU_STACK_RESERVE];
	uint32_t reserve_count;
	bool stack_short; /* it grew: the reserve is to be filled */

	/* kernel/cpu/tlb: the newest flush that it carried out */
	uint64_t tlb_seen;
	uint32_t tlb_state; /* enum tlb_state, atomic */

	/* kernel/cpu/pcid: tlb_seen as a process's tables were loaded */
	uint64_t pcid_seen;

	/* kernel/mm/tmpmap */
	uint64_t *window_pte; /* CPU_WINDOWS entries, as memory */
	uint64_t *window_pde; /* entry of the 2 MiB window */
	char *window_va;
	char *window_2m_va;
	uint64_t window_bits;  /* of an entry: private, writable */
	uint32_t window_depth; /* windows in use; given back in reverse */
	bool window_2m_busy;

	/* kernel/mm/page: may take the reserve */
	bool page_reserve;

	/* kernel/mm/memmap: the span that was right the last time */
	uint32_t span_hint;

	/* kernel/cpu/desc */
	uint64_t gdt[7];
	struct tss tss;

	/* kernel/snp and kernel/guest: theirs, unused below */
	struct ghcb *ghcb;
	uint64_t ghcb_pa;
	uint64_t vmsa_pa; /* this CPU's own save area, 0 on the first */
	struct vcpu *vcpu;
	uint64_t platform_data[8];
};
_Static_assert(sizeof(struct percpu) <= 4096, "struct percpu is one page");
ABI_AT(struct percpu, user_rsp, PERCPU_USER_RSP);
ABI_AT(struct percpu, user_scratch, PERCPU_USER_SCRATCH);

static inline struct percpu *percpu_this(void)
{
	return hw_gs_self();
}

/* Start of a page of a CPU's area, and of its area. */
static inline char *percpu_area(uint32_t index)
{
	return (char *)(CPU_AREAS_VA + (uint64_t)index * CPU_AREA_SIZE);
}

static inline char *percpu_page(uint32_t index, unsigned int page)
{
	return percpu_area(index) + page * 4096ull;
}

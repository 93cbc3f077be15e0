/* SPDX-License-Identifier: MIT */
/*
 * What a platform can do, as one const table; chosen once, then sealed. No
 * slot is NULL: a feature that is missing is a function that says so. An op
 * may not allocate and may not sleep; what it needs it took in init_late
 * (and cpu_start, for a CPU that is not there yet).
 */
#pragma once

#include <stdbool.h>

#include "lib/addr.h"
#include "lib/err.h"

struct boot_launch;
struct percpu;
struct tlb_gather;
struct trap_frame;

/* WAKE: halt() returns there, now or the next time. FLUSH: tlb_answer, at once,
 * whatever the CPU is at. */
enum cpu_signal {
	SIGNAL_WAKE,
	SIGNAL_FLUSH,
};

enum page_state {
	PAGE_PRIVATE,
	PAGE_SHARED,
};

enum page_size {
	PAGE_SIZE_4K,
	PAGE_SIZE_2M,
};

static inline uint64_t page_bytes(enum page_size size)
{
	return size == PAGE_SIZE_2M ? PAGE_2M : PAGE_4K;
}

/* LONG: 64-bit mode, interrupts off, segments of the Linux boot protocol.
 * RESET: as after power-on, at the reset vector; fields from rip on unused. */
enum guest_start_mode {
	GUEST_START_LONG,
	GUEST_START_RESET,
};

/* How the guest's first vCPU starts. Addresses are guest-physical. */
struct guest_start {
	enum guest_start_mode mode;
	uint32_t vmpl;
	uint32_t apic_id;
	uint64_t sev_features;
	uint64_t rip, rsi, rsp;
	uint64_t cr3; /* C-bit included */
	uint64_t gdt;
	uint16_t gdt_limit;
};

/* Outcome of a page operation; numbers as in the CORE protocol's errors
 * (abi/svsm/core.h), so that they can be passed on. */
enum page_result {
	PAGE_OK = 0,
	PAGE_FAIL_INPUT = 0x1,
	PAGE_FAIL_PERMISSION = 0x2,
	PAGE_FAIL_INUSE = 0x3,
	PAGE_FAIL_SIZE = 0x6,
	PAGE_NO_CHANGE = 0x10,
	PAGE_FAIL_OTHER = 0x11,
	/* Not from the instruction: our own reasons. */
	PAGE_NO_MEMORY = 0x100,
	PAGE_PINNED = 0x101,	/* in use as VMSA or calling area */
	PAGE_NOT_GUEST = 0x102, /* not guest memory, or ours */
	PAGE_MISALIGNED = 0x103,
};

struct platform_ops {
	const char *name;

	/* life: early before there is memory to take, late after it */
	void (*init_early)(const struct boot_launch *boot);
	void (*init_late)(void);
	void (*halt)(void); /* until the host has something for this CPU */
	void (*wipe)(void); /* every key the kernel holds; for panic */
	__attribute__((noreturn)) void (*terminate)(unsigned int reason);

	/*
	 * pages: page_state asks the host, whose yes proves nothing; pages are
	 * whole 4 KiB pages, all not validated. The others work on the page
	 * mapped private at va; no cross-CPU flush, see tlb_flush.
	 */
	must_check enum err (*page_state)(struct pa_range pages,
					  enum page_state to);
	must_check enum page_result (*page_validate)(void *va,
						     enum page_size size,
						     bool validate);
	must_check enum page_result (*guest_grant)(void *va,
						   enum page_size size);
	must_check enum page_result (*guest_revoke)(void *va,
						    enum page_size size);
	/* A revoked page becomes (or stops being) a save area, which the
	 * guest can read but not write. */
	must_check enum page_result (*guest_vmsa)(void *va, bool on);

	/* cpu: cpu_start ERR_NOMEM, ERR_HOST (refused). cpu_signal:
	 * ERR_UNSUPPORTED where only the host can do that. */
	must_check enum err (*cpu_id)(uint32_t *apic_id); /* of this CPU */
	must_check enum err (*cpu_start)(struct percpu *cpu);
	must_check enum err (*cpu_signal)(const struct percpu *cpu,
					  enum cpu_signal signal);
	bool (*trap)(struct trap_frame *frame); /* false: not mine */
	/* All CPUs, all translations, the guest's, too; waits. */
	void (*tlb_flush)(void);
	/* Ours as gathered (kernel/cpu/tlb.h), by an instruction that reaches
	 * all CPUs; waits. ERR_UNSUPPORTED: there is none. */
	must_check enum err (*tlb_broadcast)(const struct tlb_gather *what);
	/* This CPU's next interrupt in about so many microseconds, 0: none any
	 * more; the last one is done with. ERR_UNSUPPORTED: no such timer. */
	must_check enum err (*timer_arm)(uint32_t microseconds);

	/* i/o */
	void (*log_write)(const char *text, uint64_t size);
	must_check enum err (*io_read)(uint16_t port, uint8_t bytes,
				       uint32_t *value);
	must_check enum err (*io_write)(uint16_t port, uint8_t bytes,
					uint32_t value);

	/* guest: has_guest false: nothing runs below us, guest_* refuse.
	 * guest_start makes page (ours, mapped at va) the save area of its
	 * first vCPU and tells the host; guest_run runs its level on this CPU
	 * until somebody returns */
	bool (*has_guest)(void);
	must_check enum err (*guest_start)(const struct guest_start *start,
					   void *va, struct pa page);
	must_check enum err (*guest_run)(unsigned int vmpl);
};

/* Set once by platform_select(); reads before that are a bug. */
extern const struct platform_ops *platform;
void platform_select(const struct platform_ops *ops);

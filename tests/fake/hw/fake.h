/* SPDX-License-Identifier: MIT */
/*
 * The machine that unit tests run on: guest memory as an array, the RMP of
 * model/, counters. tests/fake/hw/ answers hw/ from it. Memory that is
 * touched without being validated counts as a violation.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "model/rmp.h"

#define FAKE_MSRS     16u
#define FAKE_INVLPGBS 4u

struct fake_machine {
	struct rmp rmp;
	uint32_t vmpl;
	char *ram; /* guest physical address 0 */
	uint64_t ram_size;
	void *gs; /* what GS base points at */
	uint64_t cr0, cr2, cr3, cr4, tsc;
	bool still; /* the TSC does not count by itself */
	struct {
		uint32_t index;
		uint64_t value;
	} msr[FAKE_MSRS];
	void (*vmgexit)(void); /* the host; may be NULL */
	/* EAX to EDX; NULL: all zero */
	void (*cpuid)(uint32_t leaf, uint32_t subleaf, uint32_t regs[4]);
	/* A register of a device was written; may be NULL. */
	void (*mmio)(volatile void *at, uint32_t value);
	unsigned int invlpg, tlb_flushes, pvalidates, rmpadjusts, hlts;
	/* INVLPGB: how many, and the last ones' RAX and ECX. */
	unsigned int invlpgbs;
	struct {
		uint64_t rax;
		uint32_t ecx;
	} invlpgb[FAKE_INVLPGBS];
	/* Another CPU's turn, before the instruction; called once. */
	void (*at_rmpadjust)(void);
	/* Other CPUs' turns: before instructions that count, and while this one
	 * waits. May be NULL. */
	void (*step)(void), (*pause)(void);
	/* This CPU dropped the translations of a page, or (NULL) all it had.
	 * May be NULL. */
	void (*flushed)(const volatile void *va);
	unsigned int violations;
};

extern struct fake_machine fake;

/* The same as fake.gs, of a thread that is a CPU of its own; else NULL. */
extern _Thread_local void *fake_thread_gs;

/* A fresh machine: ram_size bytes (a multiple of 2 MiB), all the host's. */
void fake_reset(uint64_t ram_size);

/* A page of the machine that is private but not validated yet, or launched
 * (validated). Whole pages. */
void fake_assign(uint64_t gpa, uint64_t size);
void fake_launch(uint64_t gpa, uint64_t size);

bool fake_is_validated(uint64_t gpa);
uint8_t fake_perms(uint64_t gpa, uint32_t vmpl);

/* Counts a violation when private memory is touched that is not valid. */
void fake_touch(const void *va, uint64_t size, bool write);

uint64_t fake_msr_read(uint32_t index);
void fake_msr_write(uint32_t index, uint64_t value);
uint32_t fake_pvalidate(uint64_t va, uint32_t size, bool validate, bool *carry);
uint32_t fake_rmpadjust(uint64_t va, uint32_t size, uint64_t attributes);
uint32_t fake_rmpquery(uint64_t va, uint64_t *attributes, uint64_t *size);

/* SPDX-License-Identifier: MIT */
/*
 * A whole SVSM on the fake machine, as it is when the guest begins to run:
 * memory map, page allocator, heap, validation record, CPUs whose vCPUs
 * are attached, the first one with save area and calling area. The guest's
 * side is played by writing to fake.ram. 16 MiB of RAM, all validated but
 * the last 4 MiB; ours is WORLD_OURS.
 */
#pragma once

#include "abi/snp/vmsa.h"
#include "abi/svsm/core.h"
#include "kernel/guest/enter.h"
#include "tests/fake/mm.h"

#define WORLD_RAM	   0x1000000ull
#define WORLD_OURS	   0x800000ull
#define WORLD_OURS_SIZE	   0x200000ull
#define WORLD_INVALID	   0xc00000ull /* from here on not validated */
#define WORLD_FEATURES	   1ull
#define WORLD_APIC_ID(cpu) (10u + (cpu))
#define WORLD_CAA	   0x10000ull
/* Of which programs of three say so in their flags. */
#ifndef WORLD_CPUS
#define WORLD_CPUS 2u
#endif
/* Free for tests: valid, the guest's. */
#define WORLD_FREE 0x100000ull

extern struct percpu world_cpu[WORLD_CPUS];

int world_setup(void **state);

/* The guest's view of a physical address. */
void *world_at(uint64_t gpa);

/* CPU 0's guest makes a call; result and outputs end in world_vmsa(). */
struct vmsa *world_vmsa(void);
uint32_t world_call(uint64_t rax, uint64_t rcx, uint64_t rdx, uint64_t r8);

static inline uint32_t core_call(uint32_t call, uint64_t rcx, uint64_t rdx,
				 uint64_t r8)
{
	return world_call(call, rcx, rdx, r8);
}

/* A save area that CREATE_VCPU accepts, at gpa. */
struct vmsa *world_vmsa_make(uint64_t gpa);

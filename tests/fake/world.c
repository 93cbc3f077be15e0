/* SPDX-License-Identifier: MIT */
/* See world.h. */
#include "tests/fake/world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "abi/boot/params.h"
#include "abi/igvm.h"
#include "kernel/guest/window.h"
#include "kernel/mm/deed.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "kernel/mm/stack.h"
#include "kernel/proto/request.h"
#include "kernel/proto/vcpu.h"

#define HEAP_AT	   ((void *)0x210000000000)
#define IMAGE_SIZE 0x10000ull
#define REQUIRED   0x100000ull

struct percpu world_cpu[WORLD_CPUS];

/* Kernel stacks do not grow here. */
__attribute__((weak)) void stack_refill(struct percpu *cpu)
{
	(void)cpu;
}

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void memory_make(void)
{
	static struct igvm_memory_map_entry map[2];
	struct params params = {
		.svsm_base = WORLD_OURS,
		.image_size = IMAGE_SIZE,
		.required_size = REQUIRED,
		.svsm_max_size = WORLD_OURS_SIZE,
		.cpus_max = WORLD_CPUS,
	};

	map[0].number_of_pages = WORLD_RAM / PAGE_4K;
	need(memmap_init(&params,
			 &(struct memmap_host){ map, 2, PA_LIMIT, 0 }) == OK);
	need(memmap_svsm().size == WORLD_OURS_SIZE);
	fake_launch(WORLD_OURS, IMAGE_SIZE);
	fake_assign(WORLD_OURS + IMAGE_SIZE, WORLD_OURS_SIZE - IMAGE_SIZE);
	page_init(memmap_svsm(), IMAGE_SIZE, WORLD_OURS_SIZE);
	heap_init(HEAP_AT, WORLD_OURS_SIZE);
	deed_init();
	need(pvalid_init() == OK);
}

static void adopt(uint64_t start, uint64_t end)
{
	for (uint64_t at = start; at < end; at += PAGE_2M) {
		struct guest_range page;

		rmp_assign(&fake.rmp, rmp_same(at), RMP_PG_SIZE_2M);
		need(guestpage_check(at, PAGE_SIZE_2M, &page) == OK);
		need(guestpage_adopt(page, PAGE_SIZE_2M) == PAGE_OK);
	}
}

/* The per-CPU record lies where vcpu.c looks for its state. */
static void cpu_make(uint32_t i)
{
	struct percpu *seen = window_at(i, CPU_PAGE_SELF);

	munmap(window_at(i, 0), 64 * PAGE_4K);
	need(mmap(seen, PAGE_4K, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == seen);
	memset(&world_cpu[i], 0, sizeof(world_cpu[i]));
	world_cpu[i].index = i;
	world_cpu[i].apic_id = WORLD_APIC_ID(i);
	seen->state = CPU_ONLINE;
	fake.gs = &world_cpu[i];
	need(vcpu_attach(&world_cpu[i]) == OK);
}

static void boot_vcpu_make(void)
{
	struct vcpu_slot slot = { .caa = { WORLD_CAA }, .ours = true };
	struct vcpu_held held = vcpu_lock();

	need(page_take(&slot.vmsa) == OK);
	need(vcpu_caa_take(held, NULL, slot.caa) == OK);
	vcpu_slot_set(held, world_cpu[0].vcpu, 0, slot);
	vcpu_unlock(held);
	world_vmsa()->efer = EFER_SVME;
	world_vmsa()->vmpl = FAKE_GUEST_VMPL;
}

int world_setup(void **state)
{
	uint32_t ids[WORLD_CPUS];

	(void)state;
	fake_mm_reset(WORLD_RAM);
	munmap(HEAP_AT, WORLD_OURS_SIZE);
	memory_make();
	adopt(0, WORLD_OURS);
	adopt(WORLD_OURS + WORLD_OURS_SIZE, WORLD_INVALID);
	fake_assign(WORLD_INVALID, WORLD_RAM - WORLD_INVALID);
	for (uint32_t i = 0; i < WORLD_CPUS; i++)
		ids[i] = WORLD_APIC_ID(i);
	need(vcpu_init(ids, WORLD_CPUS) == OK);
	for (uint32_t i = WORLD_CPUS; i-- > 0;)
		cpu_make(i);
	vcpu_rules_init(FAKE_GUEST_VMPL, WORLD_FEATURES);
	boot_vcpu_make();
	fake.violations = 0;
	fake.pvalidates = fake.rmpadjusts = fake.tlb_flushes = 0;
	return 0;
}

void *world_at(uint64_t gpa)
{
	return fake.ram + gpa;
}

struct vmsa *world_vmsa(void)
{
	return world_cpu[0].vcpu->vmsa[0];
}

uint32_t world_call(uint64_t rax, uint64_t rcx, uint64_t rdx, uint64_t r8)
{
	struct vmsa *vmsa = world_vmsa();

	world_cpu[0].vcpu->ca[0]->call_pending = 1;
	vmsa->guest_exitcode = 0x403;
	vmsa->rax = rax;
	vmsa->rcx = rcx;
	vmsa->rdx = rdx;
	vmsa->r8 = r8;
	fake.gs = &world_cpu[0];
	need(request_serve(world_cpu[0].vcpu, 0));
	need(fake_windows == 0);
	return (uint32_t)vmsa->rax;
}

struct vmsa *world_vmsa_make(uint64_t gpa)
{
	struct vmsa *vmsa = world_at(gpa);

	memset(vmsa, 0, sizeof(*vmsa));
	vmsa->vmpl = FAKE_GUEST_VMPL;
	vmsa->efer = EFER_SVME;
	vmsa->sev_features = WORLD_FEATURES;
	return vmsa;
}

/* SPDX-License-Identifier: MIT */
/*
 * Start-up of many CPUs by the kernel's own files on the fake machine: list
 * from a MADT, areas, page tables, vCPUs, GHCBs; then their registry is used.
 * Counts what each CPU takes: bytes, at start and with its stack grown to the
 * limit; validations, blocks of code. Lines
 * "scale CPUS NAME VALUE" are read by scripts/bench.py; status 1: an aim is
 * missed.
 */
/* test-sources: kernel/smp.c kernel/guest/topology.c kernel/dev/madt.c */
/* test-sources: kernel/dev/srat.c kernel/dev/slit.c lib/acpi.c */
/* test-sources: kernel/guest/vcpu.c */
/* test-sources: kernel/mm/cpuarea.c kernel/mm/kmap.c kernel/mm/page.c */
/* test-sources: kernel/mm/heap.c kernel/mm/shared.c kernel/mm/stack.c */
/* test-sources: kernel/cpu/desc.c kernel/cpu/tlb.c kernel/mm/memmap.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c kernel/base/log.c */
/* test-sources: kernel/base/platform.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/fmt.c lib/str.c lib/sort.c */
/* test-sources: lib/pageindex.c tests/fake/mmu.c tests/fake/mm.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
/* test-libs: -Wl,--defsym=sealed_end=sealed_start+0x1000 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/acpi.h"
#include "abi/x86/apic.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/trap.h"
#include "kernel/guest/topology.h"
#include "kernel/guest/vcpu.h"
#include "kernel/mm/cpuarea.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/shared.h"
#include "kernel/mm/stack.h"
#include "kernel/proto/request.h"
#include "kernel/smp.h"
#include "lib/acpi.h"
#include "tests/fake/blocks.h"
#include "tests/fake/mm.h"
#include "tests/fake/mmu.h"
#include "tests/scale/machine.h"

#define RAM	   0x8000000ull
#define ROOT	   0x1000ull
#define OURS	   0x200000ull
#define IMAGE	   0x100000ull
#define REQUIRED   0x100000ull
#define C_BIT	   (1ull << 47)
#define MOST	   1024u
#define AIM_BYTES  65536u
/* Save areas of the registry's trial; never touched. */
#define SAVE_AREAS 0x40001000ull

char sealed_start[0x1000];
extern char boot_cpu0[];
extern char stack_spare[];
char stack_spare[CPU_STACK_SPARES * PAGE_4K];
char boot_cpu0[(CPU_AREA_PAGES + CPU_STACK_RESERVE) * PAGE_4K];

static struct platform_ops machine;
static uint8_t
	madt[sizeof(struct acpi_madt) + MOST * sizeof(struct madt_x2apic)];
/* Above what is tried here, and never reached. */
void features_load(void)
{
}

_Noreturn void request_loop(unsigned int guest_vmpl)
{
	(void)guest_vmpl;
	abort();
}

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	printf("scale: %s\n%s", what, fake_console);
	exit(2);
}

/* What the new CPU itself does first: take its GHCB page. */
static enum err cpu_start(struct percpu *cpu)
{
	struct pa ghcb;

	need(shared_page_take(percpu_page(cpu->index, CPU_PAGE_GHCB), &ghcb) ==
		     OK,
	     "no GHCB");
	__atomic_store_n(&cpu->state, CPU_ONLINE, __ATOMIC_RELEASE);
	return OK;
}

static uint32_t id_of(uint32_t cpu)
{
	return cpu * 3 + 7;
}

/* Types 0 and 9 mixed, in an order that no loop makes by itself. */
static size_t madt_make(uint32_t cpus)
{
	struct acpi_madt *head = (struct acpi_madt *)madt;
	uint8_t *at = madt + sizeof(*head);

	memset(madt, 0, sizeof(madt));
	head->lapic_address = APIC_DEFAULT_BASE;
	for (uint32_t i = 0; i < cpus; i++) {
		uint32_t id = id_of(i * 389 % cpus);

		if (id < 255 && id % 2) {
			struct madt_lapic r = { MADT_LAPIC, sizeof(r), 0,
						(uint8_t)id, MADT_ENABLED };

			memcpy(at, &r, sizeof(r));
			at += sizeof(r);
		} else {
			struct madt_x2apic r = { MADT_X2APIC, sizeof(r),    0,
						 id,	      MADT_ENABLED, i };

			memcpy(at, &r, sizeof(r));
			at += sizeof(r);
		}
	}
	memcpy(head->header.signature, "APIC", 4);
	head->header.length = (uint32_t)(at - madt);
	acpi_seal(&head->header);
	return (size_t)(at - madt);
}

/* As the boot stage leaves it: tables, and the first CPU's area mapped. */
static struct percpu *boot(void)
{
	static const uint8_t first[] = { CPU_AREA_LIST };
	struct boot_launch launch = { .c_bit = C_BIT, .root = ROOT };
	struct percpu *cpu;

	fake_mm_reset(RAM);
	mmu_reset();
	fake_launch(0, OURS + IMAGE);
	memset(fake.ram, 0, OURS + IMAGE);
	fake_assign(OURS + IMAGE, REQUIRED);
	fake.cr3 = ROOT;
	kmap_init(&launch);
	page_init((struct pa_range){ { OURS }, RAM - OURS }, IMAGE,
		  IMAGE + REQUIRED);
	heap_init((void *)HEAP_VA, HEAP_VA_SIZE);
	for (unsigned int i = 0; i < sizeof(first); i++)
		need(kmap_page(percpu_page(0, first[i]),
			       (struct pa){ OURS + i * PAGE_4K },
			       KMAP_WRITE) == OK,
		     "no first area");
	cpu = cpuarea_init_first();
	cpu->apic_id = id_of(0);
	/* The real ones lie in the image's bss. */
	for (unsigned int i = 0; i < CPU_STACK_RESERVE; i++)
		cpu->reserve[i].v = OURS + (sizeof(first) + i) * PAGE_4K;
	fake.gs = cpu;
	machine = platform_fake;
	machine.cpu_start = cpu_start;
	platform_select(&machine);
	return cpu;
}

/* A CPU that never came is not there for the guest. */
static void offline_check(struct vcpu_held held, uint32_t cpu)
{
	struct percpu *p = (void *)percpu_page(cpu, CPU_PAGE_SELF);

	p->state = CPU_FAILED;
	need(!vcpu_find(held, id_of(cpu)), "a CPU was found that is offline");
	p->state = CPU_ONLINE;
}

/* Every CPU is found by its id, none by another's; save areas come and go. */
static void registry_check(uint32_t cpus)
{
	struct vcpu_held held = vcpu_lock();
	struct vcpu *v;
	unsigned int slot;

	offline_check(held, cpus - 1);
	need(!vcpu_find(held, id_of(0) - 1) && !vcpu_find(held, ~0u) &&
		     !vcpu_find(held, id_of(0) + 1) &&
		     !vcpu_find(held, id_of(cpus)),
	     "a CPU that is not there was found");
	for (uint32_t i = 0; i < cpus * VCPU_SLOTS; i++) {
		struct vcpu_slot to = { { SAVE_AREAS + i * PAGE_4K },
					{ OURS },
					false };

		v = vcpu_find(held, id_of(i / VCPU_SLOTS));
		need(v && v->cpu == i / VCPU_SLOTS, "a CPU was not found");
		need(vcpu_slot_free(held, v, &slot) == OK, "no free slot");
		vcpu_slot_set(held, v, slot, to);
	}
	for (uint32_t i = 0; i < cpus * VCPU_SLOTS; i++) {
		struct pa vmsa = { SAVE_AREAS + i * PAGE_4K };

		need(vcpu_find_vmsa(held, vmsa, &v, &slot) == OK &&
			     v->cpu == i / VCPU_SLOTS &&
			     v->slot[slot].vmsa.v == vmsa.v,
		     "a save area was not found");
		vcpu_slot_clear(held, v, slot);
		need(vcpu_find_vmsa(held, vmsa, &v, &slot) == ERR_ABSENT,
		     "a save area was found again");
	}
	vcpu_unlock(held);
}

/* Every stack grows down to its limit, as faults would make it. */
static void stacks_grow(uint32_t cpus)
{
	for (uint32_t i = 0; i < cpus; i++) {
		struct percpu *cpu = (void *)percpu_page(i, CPU_PAGE_SELF);

		fake.gs = cpu;
		while (cpu->stack.low > cpu->stack.limit) {
			uint64_t at = cpu->stack.low - 8;
			struct trap_frame f = { .rsp = at };

			need(stack_fault(&f, at), "a stack does not grow");
			stack_check(cpu);
		}
	}
}

struct cost {
	uint64_t bytes, blocks, validations;
	uint64_t limit;	   /* bytes when all stacks have grown */
	uint64_t whole;	   /* of all CPUs together then */
	uint64_t registry; /* blocks of registry_check */
};

static struct cost start(uint32_t cpus)
{
	struct percpu *first = boot();
	struct params params = { .cpus_max = cpus };
	uint64_t pages = page_count_taken();
	unsigned int validations = fake.pvalidates;
	struct cost cost;
	const uint32_t *ids;

	params.madt.start = kmap_image_pa(madt).v;
	params.madt.size = madt_make(cpus);
	blocks_entered = 0;
	topology_init(&params, first->apic_id, PA_LIMIT);
	need(topology_cpus(&ids) == cpus, "CPUs are lost");
	need(vcpu_init(ids, cpus) == OK && vcpu_attach(first) == OK,
	     "no memory");
	need(smp_start(ids, cpus) == cpus, "not all CPUs are online");
	cost.blocks = blocks_entered;
	cost.bytes = (page_count_taken() - pages) * PAGE_4K;
	cost.validations = fake.pvalidates - validations;
	need(fake.violations == 0 && fake_windows == 0, "violations");
	blocks_entered = 0;
	registry_check(cpus);
	cost.registry = blocks_entered;
	stacks_grow(cpus);
	cost.limit = (page_count_taken() - pages) * PAGE_4K;
	return cost;
}

/* What the memory map sets aside for so many CPUs. */
static uint64_t aside(uint32_t cpus)
{
	struct scale_machine m = scale_machine(4 * SCALE_GIB, false);
	struct params params = scale_params(cpus, 256 * SCALE_MIB);
	struct memmap_host host = { m.entry, m.count, PA_LIMIT, cpus };

	need(memmap_init(&params, &host) == OK, "no memory map");
	return memmap_demand()->cpus;
}

static bool within(const char *what, uint64_t got, uint64_t most)
{
	if (got <= most)
		return true;
	printf("scale: MISSED: %s: %llu, at most %llu\n", what,
	       (unsigned long long)got, (unsigned long long)most);
	return false;
}

/* Of each CPU beyond the first. */
static struct cost each(struct cost all, struct cost one, uint32_t cpus)
{
	uint32_t n = cpus - 1;

	return (struct cost){
		.bytes = (all.bytes - one.bytes + n - 1) / n,
		.blocks = (all.blocks - one.blocks) / n,
		.validations = (all.validations - one.validations) / n,
		.limit = (all.limit - one.limit + n - 1) / n,
		.whole = all.limit,
		.registry = (all.registry - one.registry) / n,
	};
}

static struct cost show(uint32_t cpus, struct cost one)
{
	struct cost all = start(cpus);
	struct cost c = each(all, one, cpus);

	printf("scale %u bytes %llu\n", cpus, (unsigned long long)c.bytes);
	printf("scale %u limit %llu\n", cpus, (unsigned long long)c.limit);
	printf("scale %u total %llu\n", cpus, (unsigned long long)all.bytes);
	printf("scale %u blocks %llu\n", cpus, (unsigned long long)c.blocks);
	printf("scale %u validations %llu\n", cpus,
	       (unsigned long long)c.validations);
	printf("scale %u registry %llu\n", cpus,
	       (unsigned long long)c.registry);
	return c;
}

int main(void)
{
	static const uint32_t sizes[] = { 4, 64, MOST };
	struct cost one, small, c;
	bool good = true;

	mmu_start();
	one = start(1);
	small = show(2, one);
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		c = show(sizes[i], one);
		good &= within("bytes for each CPU", c.limit, AIM_BYTES);
		good &= within("bytes of all", c.whole, aside(sizes[i]));
		/* Sorting and searching take a step more for twice as many. */
		good &= within("start-up for each CPU", c.blocks,
			       small.blocks + small.blocks / 64);
		good &= within("validations for each CPU", c.validations,
			       small.validations);
		good &= within("registry for each CPU", c.registry,
			       small.registry + small.registry / 2);
	}
	return !good;
}

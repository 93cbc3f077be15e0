/* SPDX-License-Identifier: MIT */
/*
 * Two or three vCPUs make a call each, in all interleavings: the kernel from the request
 * loop's serving of a call down to the instructions. What comes out, answers and
 * every page that they name, must be what one call after the other gives.
 */
/* test-sources: tests/interleave/explore.c tests/interleave/tsan.c */
/* test-sources: tests/interleave/switch.S */
/* test-sources: tests/interleave/state.c tests/interleave/kept.c */
/* test-sources: tests/interleave/panic.c */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c kernel/mm/deed.c */
/* test-sources: kernel/mm/owned.c lib/bitmap.c kernel/proto/request.c */
/* test-sources: kernel/proto/core.c kernel/proto/pvalidate.c */
/* test-sources: kernel/proto/list.c kernel/proto/vcpu.c lib/pageindex.c */
/* test-sources: kernel/proto/deposit.c kernel/guest/vcpu.c */
/* test-sources: kernel/guest/enter.c kernel/mm/memmap.c kernel/mm/pvalid.c */
/* test-sources: kernel/mm/guestmem.c kernel/mm/guestpage.c kernel/mm/heap.c */
/* test-sources: kernel/mm/page.c kernel/base/lock.c kernel/base/platform.c */
/* test-sources: lib/fmt.c lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "kernel/proto/request.h"
#include "kernel/guest/window.h"
#include "tests/fake/window.h"
#include "tests/fake/world.h"
#include "tests/interleave/explore.h"
#include "tests/interleave/kept.h"
#include "tests/interleave/state.h"

#define IN_USE ((uint32_t)SVSM_ERR_PROTOCOL + SVSM_CORE_FAIL_INUSE)

/* Pages that calls quarrel over. V and C are CPU 1's save and calling area. */
#define X     0x103000ull
#define Y     0x104000ull
#define Z     0x105000ull
#define G     0x106000ull /* a save area of CPU 0 that does not run */
#define GC    0x107000ull
#define V     0x101000ull
#define C     0x102000ull
#define BARE  0xc00000ull /* not validated; a 2 MiB region */
#define LISTS 0x108000ull /* one page for each CPU */
#define INTO  0x10b000ull
#define W     0x10c000ull /* CPU 2's, if it takes part */
#define WC    0x10d000ull

static const uint64_t watched[] = {
	X, Y, Z, G, GC, V, C, W, WC, BARE, BARE + PAGE_4K
};

/* What a CPU does: a call whose list has one entry, or none. */
struct deed {
	uint32_t call;
	uint64_t rcx, rdx, r8;
	uint64_t entry; /* of a list, rcx 0 */
	bool runs;	/* the guest runs before */
	bool fills;	/* the page of rcx, as soon as it is the guest's */
};

struct quarrel {
	const char *name;
	struct deed cpu[EXPLORE_CPUS];
	uint64_t deposited; /* by then */
	bool parts; /* a call of several steps: no order of whole calls */
};

#define VALID SVSM_PVALIDATE_VALIDATE
#define LARGE SVSM_PVALIDATE_2M
#define PV(e)                                             \
	{                                                 \
		.call = SVSM_CORE_PVALIDATE, .entry = (e) \
	}
#define DEPOSIT(e)                                          \
	{                                                   \
		.call = SVSM_CORE_DEPOSIT_MEM, .entry = (e) \
	}
#define REMAP(at)                                       \
	{                                               \
		.call = SVSM_CORE_REMAP_CA, .rcx = (at) \
	}
#define CREATE(v, c)                                                  \
	{                                                             \
		.call = SVSM_CORE_CREATE_VCPU, .rcx = (v), .rdx = (c) \
	}
#define CREATE_ON(cpu, v, c)                                           \
	{                                                              \
		.call = SVSM_CORE_CREATE_VCPU, .rcx = (v), .rdx = (c), \
		.r8 = WORLD_APIC_ID(cpu)                               \
	}
#define CREATE_AGAIN(cpu, v, c)                                        \
	{                                                              \
		.call = SVSM_CORE_CREATE_VCPU, .rcx = (v), .rdx = (c), \
		.r8 = WORLD_APIC_ID(cpu), .fills = true                \
	}
#define DELETE(v)                                         \
	{                                                 \
		.call = SVSM_CORE_DELETE_VCPU, .rcx = (v) \
	}
#define WITHDRAW(at)                                        \
	{                                                   \
		.call = SVSM_CORE_WITHDRAW_MEM, .rcx = (at) \
	}
#define RUNS                                                             \
	{                                                                \
		.call = SVSM_CORE_QUERY_PROTOCOL, .rcx = 1, .runs = true \
	}
#define QUERY                                              \
	{                                                  \
		.call = SVSM_CORE_QUERY_PROTOCOL, .rcx = 1 \
	}

static const struct quarrel quarrels[] = {
	{ .name = "validate, validate",
	  .cpu = { PV(BARE | VALID), PV(BARE | VALID) } },
	{ .name = "validate, neighbour",
	  .cpu = { PV(BARE | VALID), PV((BARE + PAGE_4K) | VALID) } },
	{ .name = "validate 2 MiB, 4 KiB",
	  .cpu = { PV(BARE | VALID | LARGE), PV(BARE | VALID) } },
	{ .name = "rescind, rescind", .cpu = { PV(X), PV(X) } },
	{ .name = "rescind, deposit", .cpu = { PV(X), DEPOSIT(X) } },
	{ .name = "deposit, deposit", .cpu = { DEPOSIT(X), DEPOSIT(X) } },
	{ .name = "deposit, neighbour", .cpu = { DEPOSIT(X), DEPOSIT(Y) } },
	{ .name = "deposit, create", .cpu = { DEPOSIT(X), CREATE(X, Y) } },
	{ .name = "rescind, create", .cpu = { PV(X), CREATE(X, Y) } },
	{ .name = "rescind its area, create", .cpu = { PV(Y), CREATE(X, Y) } },
	{ .name = "create, create", .cpu = { CREATE(X, Y), CREATE(X, Z) } },
	{ .name = "create, create, one area",
	  .cpu = { CREATE(X, Z), CREATE(Y, Z) } },
	{ .name = "create, area is the other's VMSA",
	  .cpu = { CREATE(X, Y), CREATE(Y, Z) } },
	{ .name = "remap, remap", .cpu = { REMAP(X), REMAP(X) } },
	{ .name = "remap, rescind", .cpu = { REMAP(X), PV(X) } },
	{ .name = "remap, deposit", .cpu = { REMAP(X), DEPOSIT(X) } },
	{ .name = "remap, create", .cpu = { REMAP(X), CREATE(X, Y) } },
	{ .name = "remap from, rescind", .cpu = { PV(C), REMAP(X) } },
	{ .name = "delete, a call", .cpu = { DELETE(V), QUERY } },
	{ .name = "delete, remap", .cpu = { DELETE(V), REMAP(X) } },
	{ .name = "delete, delete itself", .cpu = { DELETE(V), DELETE(V) } },
	{ .name = "delete, delete", .cpu = { DELETE(G), DELETE(G) } },
	{ .name = "delete, rescind", .cpu = { DELETE(G), PV(G) } },
	{ .name = "delete, deposit area", .cpu = { DELETE(G), DEPOSIT(GC) } },
	{ .name = "delete, create again", .cpu = { DELETE(G), CREATE(G, GC) } },
	{ .name = "delete, runs and calls", .cpu = { DELETE(V), RUNS } },
	{ .name = "withdraw, deposit",
	  .cpu = { WITHDRAW(INTO), DEPOSIT(X) },
	  .deposited = Y },
	{ .name = "withdraw, withdraw",
	  .cpu = { WITHDRAW(INTO), WITHDRAW(LISTS) },
	  .deposited = Y },
	{ .name = "withdraw, rescind",
	  .cpu = { WITHDRAW(INTO), PV(Y) },
	  .deposited = Y },
	{ .name = "withdraw, its list rescinded",
	  .cpu = { WITHDRAW(INTO), PV(INTO) },
	  .deposited = Y },
	{ .name = "a list, its page deposited",
	  .cpu = { { .call = SVSM_CORE_PVALIDATE, .rcx = X }, DEPOSIT(X) },
	  .parts = true },
	{ .name = "a list, its page a VMSA",
	  .cpu = { { .call = SVSM_CORE_PVALIDATE, .rcx = X }, CREATE(X, Y) },
	  .parts = true },
};

static const struct quarrel triples[] = {
	{ .name = "delete, it runs, delete",
	  .cpu = { DELETE(V), RUNS, DELETE(V) } },
	{ .name = "delete, it calls, delete",
	  .cpu = { DELETE(V), REMAP(X), DELETE(V) } },
	{ .name = "delete, delete itself, delete",
	  .cpu = { DELETE(V), DELETE(V), DELETE(V) } },
	{ .name = "delete, it creates, delete",
	  .cpu = { DELETE(V), CREATE(X, Y), DELETE(V) } },
	{ .name = "delete, delete, create again",
	  .cpu = { DELETE(G), DELETE(G), CREATE_AGAIN(0, G, Y) } },
	{ .name = "delete, delete, create with its area",
	  .cpu = { DELETE(G), DELETE(G), CREATE_ON(0, X, GC) } },
	{ .name = "delete, delete, rescind",
	  .cpu = { DELETE(G), DELETE(G), PV(G) } },
	{ .name = "delete, remap to its area, rescind",
	  .cpu = { DELETE(G), REMAP(GC), PV(GC) } },
	{ .name = "delete, remap to its area, create with it",
	  .cpu = { DELETE(G), REMAP(GC), CREATE(X, GC) } },
	{ .name = "delete, create again, deposit",
	  .cpu = { DELETE(G), CREATE(G, GC), DEPOSIT(G) } },
	{ .name = "delete, delete, create it",
	  .cpu = { DELETE(X), DELETE(X), CREATE_ON(0, X, Y) } },
	{ .name = "validate 2 MiB, 4 KiB, neighbour",
	  .cpu = { PV(BARE | VALID | LARGE), PV(BARE | VALID),
		   PV((BARE + PAGE_4K) | VALID) } },
	{ .name = "withdraw, deposit, rescind",
	  .cpu = { WITHDRAW(INTO), DEPOSIT(X), PV(Y) },
	  .deposited = Y },
};

static APART const struct quarrel *now;
static APART unsigned int cpus;
static APART bool states;
static bool served[EXPLORE_CPUS];

static uint64_t save_area_of(unsigned int cpu)
{
	return cpu == 1 ? V : W;
}

static void vcpu_set(unsigned int cpu, const struct deed *d)
{
	struct vcpu *vcpu = world_cpu[cpu].vcpu;
	struct vmsa *vmsa = vcpu->vmsa[0];
	uint64_t list = LISTS + cpu * PAGE_4K;

	vcpu->ca[0]->call_pending = 1;
	vmsa->guest_exitcode = 0x403;
	vmsa->rax = d->call;
	vmsa->rcx = d->rcx ? d->rcx : list;
	vmsa->rdx = d->rdx;
	vmsa->r8 = d->r8 ? d->r8 : WORLD_APIC_ID(cpu);
	if (d->entry) {
		*(struct svsm_list *)world_at(list) =
			(struct svsm_list){ 1, 0, 0 };
		*(uint64_t *)world_at(list + 8) = d->entry;
	}
}

static void need(bool ok)
{
	if (!ok)
		explore_fail("the scene cannot be set");
}

static void save_area(uint64_t v, uint64_t c, unsigned int cpu)
{
	world_vmsa_make(v);
	need(world_call(SVSM_CORE_CREATE_VCPU, v, c, WORLD_APIC_ID(cpu)) ==
	     SVSM_SUCCESS);
}

static void scene_set(void)
{
	fake.step = fake.pause = NULL;
	world_setup(NULL);
	save_area(V, C, 1);
	save_area(G, GC, 0);
	if (cpus > 2)
		save_area(W, WC, 2);
	world_vmsa_make(X);
	world_vmsa_make(Y);
	/* X may be read as a list, too: one entry. */
	*(struct svsm_list *)world_at(X) = (struct svsm_list){ 1, 0, 0 };
	*(uint64_t *)world_at(X + 8) = BARE | VALID;
	if (now->deposited) {
		struct deed d = DEPOSIT(now->deposited);

		vcpu_set(0, &d);
		need(request_serve(world_cpu[0].vcpu, 0) &&
		     (uint32_t)world_vmsa()->rax == SVSM_SUCCESS);
	}
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		vcpu_set(cpu, &now->cpu[cpu]);
		served[cpu] = false;
	}
	fake.violations = 0;
	fake.step = explore_step;
	fake.pause = explore_pause;
}

/* Not the region at BARE: what its pages hold is cleared, and never read. */
static APART bool is_set;

static void scene_keep(void)
{
	kept_add_large(world_at(WORLD_OURS), WORLD_OURS_SIZE);
	kept_add(world_at(WORLD_FREE), 16 * PAGE_4K);
	kept_add(world_at(WORLD_CAA), PAGE_4K);
	kept_add(fake.rmp.entry,
		 fake.ram_size / PAGE_4K * sizeof(*fake.rmp.entry));
	for (unsigned int i = 0; i < cpus; i++)
		kept_add(window_at(i, CPU_PAGE_SELF), PAGE_4K);
	state_keep_this();
	is_set = true;
}

static void setup(void)
{
	if (is_set) { /* the program's own data was put back by explore() */
		kept_restore();
		fake_windows_again();
		return;
	}
	kept_none();
	scene_set();
	fake.still = states; /* each moment would be a state */
	if (states)
		scene_keep();
}

static void enter(unsigned int cpu)
{
	fake.gs = &world_cpu[cpu];
}

/* The host runs the save area: the processor loads it, holds it in use, and
 * stores it whole at the exit. */
static void vm_run(uint64_t at)
{
	struct vmsa *vmsa = world_at(at), state;

	if (rmp_vmsa_enter(&fake.rmp, rmp_same(at)) != RMP_VMSA_OK)
		return;
	state = *vmsa;
	explore_step();
	if (!(rmp_look(&fake.rmp, at)->bits & RMP_VMSA))
		explore_fail("a save area was taken away while it ran");
	if (state.efer & EFER_SVME)
		*vmsa = state;
	rmp_vmsa_leave(&fake.rmp, at);
	explore_changed();
}

/* A guest makes a save area where another was. */
static void fill(uint64_t at)
{
	while (fake_perms(at, FAKE_GUEST_VMPL) != VMPL_ALL)
		explore_pause();
	explore_step();
	world_vmsa_make(at);
}

static void run(unsigned int cpu)
{
	if (now->cpu[cpu].fills)
		fill(now->cpu[cpu].rcx);
	if (now->cpu[cpu].runs)
		vm_run(save_area_of(cpu));
	served[cpu] = request_serve(world_cpu[cpu].vcpu, 0);
	/* Whoever was not served first may be when the host runs it next. */
	if (now->cpu[cpu].runs)
		vm_run(save_area_of(cpu));
}

static uint64_t mix(uint64_t hash, uint64_t v)
{
	return (hash ^ v) * 0x100000001b3ull + 7;
}

/* Record and hardware, of a page; what disagrees ends it all. */
static uint64_t page_state(uint64_t gpa)
{
	uint32_t bits = rmp_look(&fake.rmp, gpa)->bits;
	uint8_t perms = fake_perms(gpa, FAKE_GUEST_VMPL);
	struct guest_range page;
	struct pvalid_held held;
	bool valid, pinned, ours;

	need(guest_range_check(gpa, PAGE_4K, &page) == OK);
	if (pvalid_bytes[page.chunk] & PVALID_BYTE_LOCK)
		explore_fail("a region stays locked");
	held = pvalid_lock(page);
	valid = pvalid_page(held, gpa);
	pinned = pvalid_page_pinned(held, gpa);
	ours = pvalid_page_ours(held, gpa);
	pvalid_unlock(held);
	if (valid && (perms != VMPL_ALL || !(bits & RMP_VALIDATED)))
		explore_fail("%llx: valid without rights",
			     (unsigned long long)gpa);
	if (ours && (perms || valid || !(bits & RMP_VALIDATED)))
		explore_fail("%llx: two owners", (unsigned long long)gpa);
	if (!valid && !ours && !pinned && (perms || bits & RMP_VALIDATED))
		explore_fail("%llx: rights, but no record",
			     (unsigned long long)gpa);
	if (!!(bits & RMP_VMSA) != (pinned && !valid && !ours))
		explore_fail("%llx: a save area by one account alone",
			     (unsigned long long)gpa);
	return valid | pinned << 1 | ours << 2 | (bits & RMP_VMSA ? 8 : 0);
}

static uint64_t answer(unsigned int cpu)
{
	/* Another's save area may be gone; its page is not. */
	const struct vmsa *vmsa = cpu ? world_at(save_area_of(cpu))
				      : world_vmsa();

	return served[cpu] ? (uint32_t)vmsa->rax : 0x100000000ull;
}

static uint64_t outcome(void)
{
	uint64_t hash = 1, in_use = 0;

	fake.step = fake.pause = NULL;
	if (fake.violations)
		explore_fail("memory touched that is not valid");
	if (fake_windows)
		explore_fail("a window stays open");
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		in_use += answer(cpu) == IN_USE;
		hash = mix(hash, answer(cpu));
	}
	for (unsigned int i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		hash = mix(hash, page_state(watched[i]));
	hash = mix(hash, page_count_free());
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		for (unsigned int s = 0; s < VCPU_SLOTS; s++) {
			hash = mix(hash, world_cpu[cpu].vcpu->slot[s].vmsa.v);
			hash = mix(hash, world_cpu[cpu].vcpu->slot[s].caa.v);
		}
	/* "In use" may come of the other's call being under way. */
	return in_use || now->parts ? 0 : hash;
}

static uint64_t explore_each(const struct quarrel *list, size_t count,
			     unsigned int bound, const char *word)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct scenario s = { .name = list[i].name,
				      .cpus = cpus,
				      .setup = setup,
				      .run = run,
				      .enter = enter,
				      .outcome = outcome,
				      .states = states,
				      .orders = true,
				      .state = kept_state };

		now = &list[i];
		is_set = false;
		if (strstr(s.name, word))
			sum += explore(&s, bound);
		kept_check();
	}
	return sum;
}

static uint64_t explore_two(unsigned int bound, const char *word)
{
	cpus = 2;
	return explore_each(quarrels, sizeof(quarrels) / sizeof(*quarrels),
			    bound, word);
}

static uint64_t explore_three(unsigned int bound, const char *word)
{
	cpus = 3;
	return explore_each(triples, sizeof(triples) / sizeof(*triples), bound,
			    word);
}

static int states_main(unsigned int count, const char *word)
{
	uint64_t sum;

	states = true;
	sum = count > 2 ? explore_three(0, word) : explore_two(0, word);
	printf("calls: %llu states of %u vCPUs, all of them\n",
	       (unsigned long long)sum, count);
	return sum == 0;
}

/* calls [PREEMPTIONS [NAME]]: so few. calls states [2|3 [NAME]]: all states of so
 * many vCPUs. */
int main(int argc, char **argv)
{
	unsigned int bound = argc > 1 ? (unsigned int)atoi(argv[1]) : 1;
	const char *word = argc > 2 ? argv[2] : "";
	uint64_t two, three;

	if (argc > 1 && !strcmp(argv[1], "states"))
		return states_main(argc > 2 ? (unsigned int)atoi(argv[2]) : 2,
				   argc > 3 ? argv[3] : "");
	two = explore_two(bound, word);
	three = explore_three(bound, word);
	printf("calls: %llu interleavings of two, %llu of three with at most "
	       "%u preemptions\n",
	       (unsigned long long)two, (unsigned long long)three, bound);
	return two + three == 0;
}

/* SPDX-License-Identifier: MIT */
/* REMAP_CA, CREATE_VCPU, DELETE_VCPU: every refusal, and what success does. */
/* test-sources: kernel/proto/vtpm.c tests/fake/service.c */
/* test-sources: kernel/mm/deed.c kernel/mm/owned.c lib/bitmap.c */
/* test-sources: kernel/proto/request.c kernel/proto/core.c */
/* test-sources: kernel/proto/pvalidate.c kernel/proto/list.c */
/* test-sources: kernel/proto/vcpu.c kernel/proto/deposit.c */
/* test-sources: lib/pageindex.c kernel/guest/vcpu.c kernel/guest/enter.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/heap.c kernel/mm/page.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/world.c tests/fake/window.c */
/* test-sources: tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/proto/vcpu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/proto/request.h"
#include "tests/fake/world.h"

#define VMSA	  (WORLD_FREE + 0x1000)
#define CAA	  (WORLD_FREE + 0x2000)
#define VMSA2	  (WORLD_FREE + 0x3000)
#define CAA2	  (WORLD_FREE + 0x4000)
#define VMSA3	  (WORLD_FREE + 0x5000)
#define VMSA4	  (WORLD_FREE + 0x6000)
#define VMSA5	  (WORLD_FREE + 0x7000)
#define SPARE(i)  (WORLD_FREE + 0x40000 + (i)*PAGE_4K)
#define PARAMETER 0x80000005u
#define ADDRESS	  0x80000003u
#define REQUEST	  0x80000006u
#define INUSE	  0x80001003u

static uint32_t create(uint64_t vmsa, uint64_t caa, uint64_t apic_id)
{
	return core_call(SVSM_CORE_CREATE_VCPU, vmsa, caa, apic_id);
}

static uint32_t delete (uint64_t vmsa)
{
	return core_call(SVSM_CORE_DELETE_VCPU, vmsa, 0, 0);
}

static uint32_t remap(uint64_t caa)
{
	return core_call(SVSM_CORE_REMAP_CA, caa, 0, 0);
}

static uint32_t rescind(uint64_t gpa)
{
	struct svsm_list *list = world_at(WORLD_FREE);

	*list = (struct svsm_list){ .entries = 1 };
	((uint64_t *)(list + 1))[0] = gpa;
	return core_call(SVSM_CORE_PVALIDATE, WORLD_FREE, 0, 0);
}

static bool is_vmsa(uint64_t gpa)
{
	return rmp_look(&fake.rmp, gpa)->bits & RMP_VMSA;
}

static bool granted(uint64_t gpa)
{
	return fake_perms(gpa, FAKE_GUEST_VMPL) == VMPL_ALL;
}

static void untouched(uint64_t vmsa)
{
	assert_false(is_vmsa(vmsa));
	assert_true(granted(vmsa));
}

/* CPU 1's guest calls through whatever slot holds its save area. */
static uint32_t other_calls(unsigned int slot, uint32_t call, uint64_t rcx)
{
	struct vcpu *vcpu = world_cpu[1].vcpu;
	struct vmsa *vmsa = vcpu->vmsa[slot];

	vcpu->ca[slot]->call_pending = 1;
	vmsa->guest_exitcode = 0x403;
	vmsa->rax = call;
	vmsa->rcx = rcx;
	fake.gs = &world_cpu[1];
	assert_true(request_serve(vcpu, slot));
	return (uint32_t)vmsa->rax;
}

static void create_makes_it_run(void **state)
{
	struct svsm_ca *ca = world_at(CAA);

	(void)state;
	world_vmsa_make(VMSA);
	ca->call_pending = 1;
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	assert_true(is_vmsa(VMSA));
	for (uint32_t vmpl = 1; vmpl < 4; vmpl++)
		assert_int_equal(fake_perms(VMSA, vmpl),
				 vmpl == FAKE_GUEST_VMPL ? VMPL_READ : 0);
	assert_int_equal(ca->call_pending, 0);
	assert_true(granted(CAA));
	assert_true(vcpu_live(world_cpu[1].vcpu));
	assert_true(fake.tlb_flushes >= 1);
	/* And it can call. */
	assert_int_equal(other_calls(0, SVSM_CORE_QUERY_PROTOCOL, 1), 0);
	assert_int_equal(((struct vmsa *)world_at(VMSA))->rcx, 0x100000001);
	assert_int_equal(fake.violations, 0);
}

static void create_checks_contents(void **state)
{
	struct vmsa *vmsa;

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		if (i == FAKE_GUEST_VMPL)
			continue;
		vmsa = world_vmsa_make(VMSA);
		vmsa->vmpl = (uint8_t)i;
		assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)),
				 PARAMETER);
		untouched(VMSA);
	}
	vmsa = world_vmsa_make(VMSA);
	vmsa->efer = 0xd01;
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), PARAMETER);
	for (unsigned int bit = 0; bit < 64; bit++) {
		vmsa = world_vmsa_make(VMSA);
		vmsa->sev_features ^= 1ull << bit;
		assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)),
				 PARAMETER);
	}
	untouched(VMSA);
	assert_false(vcpu_live(world_cpu[1].vcpu));
	/* Nothing stayed pinned. */
	assert_int_equal(rescind(CAA), 0);
	assert_int_equal(rescind(VMSA), 0);
}

static void create_checks_addresses(void **state)
{
	static const struct {
		uint64_t vmsa, caa;
		uint32_t result;
	} cases[] = {
		{ VMSA + 8, CAA, PARAMETER },
		{ VMSA, CAA + 8, PARAMETER },
		{ VMSA + 0x800, CAA, PARAMETER },
		{ 0x600000, CAA, PARAMETER }, /* 2 MiB boundary: erratum */
		{ VMSA, VMSA, ADDRESS },
		{ WORLD_OURS + PAGE_4K, CAA, ADDRESS },
		{ VMSA, WORLD_OURS + PAGE_4K, ADDRESS },
		{ WORLD_RAM + PAGE_4K, CAA, ADDRESS },
		{ VMSA, WORLD_RAM, ADDRESS },
		{ WORLD_INVALID + PAGE_4K, CAA, ADDRESS },
		{ VMSA, WORLD_INVALID, ADDRESS },
		{ WORLD_CAA, CAA, ADDRESS },
		{ VMSA, WORLD_CAA, ADDRESS },
		{ 0xfffffffffffff000, CAA, ADDRESS },
		{ VMSA, 1ull << 52, ADDRESS },
	};

	(void)state;
	world_vmsa_make(VMSA);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(create(cases[i].vmsa, cases[i].caa,
					WORLD_APIC_ID(1)),
				 cases[i].result);
		untouched(VMSA);
	}
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(2)), PARAMETER);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1) | 1ull << 32),
			 PARAMETER);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	assert_int_equal(fake.violations, 0);
}

static void processors_that_failed_are_unknown(void **state)
{
	(void)state;
	world_vmsa_make(VMSA);
	*(uint32_t *)((char *)world_cpu[1].vcpu->vmsa[0] -
		      (CPU_PAGE_VMSA - CPU_PAGE_SELF) * PAGE_4K +
		      offsetof(struct percpu, state)) = CPU_FAILED;
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), PARAMETER);
}

static void the_same_page_twice(void **state)
{
	(void)state;
	world_vmsa_make(VMSA);
	world_vmsa_make(VMSA2);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), ADDRESS);
	assert_int_equal(create(VMSA, CAA2, WORLD_APIC_ID(1)), ADDRESS);
	/* Another vCPU's pages, in each role. */
	assert_int_equal(create(VMSA2, CAA, WORLD_APIC_ID(0)), ADDRESS);
	assert_int_equal(create(CAA, CAA2, WORLD_APIC_ID(0)), ADDRESS);
	assert_int_equal(create(VMSA2, VMSA, WORLD_APIC_ID(0)), ADDRESS);
	assert_int_equal(remap(VMSA), ADDRESS);
	assert_int_equal(remap(CAA), ADDRESS);
	assert_int_equal(rescind(VMSA), ADDRESS);
	assert_int_equal(rescind(CAA), ADDRESS);
	assert_true(is_vmsa(VMSA));
	assert_int_equal(fake.violations, 0);
}

/* As Linux restarts a CPU: create the new one, then delete the old one. */
static void two_live_for_a_moment(void **state)
{
	struct vcpu *vcpu = world_cpu[1].vcpu;

	(void)state;
	world_vmsa_make(VMSA);
	world_vmsa_make(VMSA2);
	world_vmsa_make(VMSA3);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	assert_int_equal(create(VMSA2, CAA, WORLD_APIC_ID(1)), 0);
	/* Firmware leaves two behind; there is room for no more than that. */
	for (uint64_t i = 2; i < VCPU_SLOTS; i++) {
		world_vmsa_make(SPARE(i));
		assert_int_equal(create(SPARE(i), CAA, WORLD_APIC_ID(1)), 0);
	}
	assert_int_equal(create(VMSA3, CAA2, WORLD_APIC_ID(1)), REQUEST);
	untouched(VMSA3);
	for (uint64_t i = 2; i < VCPU_SLOTS; i++)
		assert_int_equal(delete (SPARE(i)), 0);
	assert_int_equal(other_calls(1, SVSM_CORE_QUERY_PROTOCOL, 1), 0);
	assert_int_equal(delete (VMSA), 0);
	untouched(VMSA);
	assert_int_equal(rescind(CAA), ADDRESS); /* still in use */
	assert_int_equal(other_calls(1, SVSM_CORE_QUERY_PROTOCOL, 1), 0);
	assert_false(request_serve(vcpu, 0));
	assert_int_equal(delete (VMSA2), 0);
	assert_int_equal(rescind(CAA), 0);
	assert_false(vcpu_live(vcpu));
	assert_int_equal(create(VMSA3, CAA2, WORLD_APIC_ID(1)), 0);
	assert_int_equal(fake.violations, 0);
}

static void delete_refuses(void **state)
{
	uint64_t boot = (uint64_t)world_vmsa();

	(void)state;
	assert_int_equal(delete (VMSA), PARAMETER); /* never created */
	assert_int_equal(delete (0), PARAMETER);
	assert_int_equal(delete (~0ull), PARAMETER);
	assert_int_equal(delete (WORLD_CAA), PARAMETER);
	assert_int_equal(delete (boot), PARAMETER);
	/* The boot vCPU's save area is ours, wherever it lies. */
	for (uint64_t at = 0; at < WORLD_RAM; at += PAGE_4K)
		assert_int_equal(delete (at), PARAMETER);
	world_vmsa_make(VMSA);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	assert_int_equal(delete (VMSA + 8), PARAMETER);
	/* Running: SVME is not ours to clear. */
	((struct vmsa *)world_at(VMSA))->efer &= ~(uint64_t)EFER_SVME;
	assert_int_equal(delete (VMSA), INUSE);
	((struct vmsa *)world_at(VMSA))->efer |= EFER_SVME;
	/* Running by the RMP's account. */
	fake.rmp.entry[VMSA / PAGE_4K].bits |= RMP_IN_USE;
	assert_int_equal(delete (VMSA), INUSE);
	assert_true(((struct vmsa *)world_at(VMSA))->efer & EFER_SVME);
	fake.rmp.entry[VMSA / PAGE_4K].bits &= ~RMP_IN_USE;
	assert_true(is_vmsa(VMSA));
	assert_int_equal(delete (VMSA), 0);
	assert_int_equal(delete (VMSA), PARAMETER);
	assert_false(((struct vmsa *)world_at(VMSA))->efer & EFER_SVME);
}

static uint64_t *vmsa_efer(void)
{
	return &((struct vmsa *)world_at(VMSA))->efer;
}

/* An exit would store its own EFER over anything written before. */
static void exit_sees_efer(void)
{
	assert_true(*vmsa_efer() & EFER_SVME);
}

static void own_cpu_claims(void)
{
	*vmsa_efer() &= ~(uint64_t)EFER_SVME;
}

static void delete_races_with_the_owner(void **state)
{
	(void)state;
	world_vmsa_make(VMSA);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	/* Serves a call by now: stays what it is, and claimed. */
	fake.at_rmpadjust = own_cpu_claims;
	assert_int_equal(delete (VMSA), INUSE);
	assert_true(is_vmsa(VMSA));
	assert_false(*vmsa_efer() & EFER_SVME);
	*vmsa_efer() |= EFER_SVME;
	fake.at_rmpadjust = exit_sees_efer;
	assert_int_equal(delete (VMSA), 0);
	assert_null(fake.at_rmpadjust);
	assert_int_equal(fake.violations, 0);
}

static void deleting_oneself_never_returns(void **state)
{
	struct vcpu *vcpu = world_cpu[1].vcpu;
	struct vmsa *vmsa = world_vmsa_make(VMSA);

	(void)state;
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	vcpu->ca[0]->call_pending = 1;
	vmsa->guest_exitcode = 0x403;
	vmsa->rax = SVSM_CORE_DELETE_VCPU;
	vmsa->rcx = VMSA;
	fake.gs = &world_cpu[1];
	assert_true(request_serve(vcpu, 0));
	assert_int_equal(vmsa->rax, SVSM_CORE_DELETE_VCPU);
	assert_false(vmsa->efer & EFER_SVME);
	assert_false(vcpu_live(vcpu));
	untouched(VMSA);
	assert_int_equal(rescind(CAA), 0);
	assert_int_equal(fake.violations, 0);
}

static void remap_moves_the_calling_area(void **state)
{
	struct svsm_ca *old = world_at(WORLD_CAA), *new = world_at(CAA);

	(void)state;
	memset(new, 0xff, 16);
	assert_int_equal(remap(CAA), 0);
	assert_int_equal(old->call_pending, 0);
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(((uint8_t *)new)[i], 0);
	assert_int_equal(((uint8_t *)new)[8], 0xff);
	/* The old one is an ordinary page again, the new one is not. */
	assert_int_equal(rescind(WORLD_CAA), 0);
	assert_int_equal(rescind(CAA), ADDRESS);
	assert_int_equal(world_call(SVSM_CORE_QUERY_PROTOCOL, 1, 0, 0), 0);
	assert_int_equal(new->call_pending, 0);
	assert_int_equal(remap(CAA), 0); /* onto itself */
	assert_int_equal(rescind(CAA), ADDRESS);
	assert_int_equal(fake.violations, 0);
}

static void remap_refuses_before_it_writes(void **state)
{
	static const struct {
		uint64_t caa;
		uint32_t result;
	} cases[] = {
		{ CAA + 8, PARAMETER },	 { WORLD_OURS, ADDRESS },
		{ WORLD_RAM, ADDRESS },	 { WORLD_INVALID, ADDRESS },
		{ 1ull << 51, ADDRESS }, { 0xfffffffffffff000, ADDRESS },
		{ VMSA, ADDRESS },	 { CAA2, ADDRESS },
	};

	(void)state;
	world_vmsa_make(VMSA);
	assert_int_equal(create(VMSA, CAA2, WORLD_APIC_ID(1)), 0);
	memset(world_at(CAA), 0xff, 8);
	*(uint64_t *)world_at(VMSA) = 0x1122334455667788;
	*(uint64_t *)world_at(CAA2) = 0x1122334455667700;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(remap(cases[i].caa), cases[i].result);
	assert_int_equal(*(uint8_t *)world_at(CAA), 0xff);
	assert_int_equal(*(uint64_t *)world_at(VMSA), 0x1122334455667788);
	assert_int_equal(*(uint64_t *)world_at(CAA2), 0x1122334455667700);
	assert_int_equal(world_call(SVSM_CORE_QUERY_PROTOCOL, 1, 0, 0), 0);
	assert_int_equal(fake.violations, 0);
}

/* Sharing is for restarting another CPU alone. */
static void areas_in_use_are_refused(void **state)
{
	(void)state;
	world_vmsa_make(VMSA);
	world_vmsa_make(VMSA2);
	assert_int_equal(create(VMSA, WORLD_CAA, WORLD_APIC_ID(0)), ADDRESS);
	untouched(VMSA);
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	assert_int_equal(create(VMSA2, CAA2, WORLD_APIC_ID(1)), 0);
	assert_int_equal(other_calls(1, SVSM_CORE_REMAP_CA, CAA), ADDRESS);
	assert_int_equal(other_calls(1, SVSM_CORE_REMAP_CA, CAA2), 0);
	assert_int_equal(delete (VMSA), 0);
	assert_int_equal(rescind(CAA), 0);
	assert_int_equal(rescind(CAA2), ADDRESS);
	assert_int_equal(delete (VMSA2), 0);
	assert_int_equal(rescind(CAA2), 0);
	assert_int_equal(fake.violations, 0);
}

/*
 * The attack: a list whose `next` lies over the VMPL field of a save area
 * would have us write 0 there.
 */
static void lists_do_not_reach_save_areas(void **state)
{
	struct vmsa *vmsa = world_vmsa_make(VMSA);

	(void)state;
	assert_int_equal(create(VMSA, CAA, WORLD_APIC_ID(1)), 0);
	for (uint64_t off = 0; off < PAGE_4K; off += 8) {
		assert_int_equal(core_call(SVSM_CORE_PVALIDATE, VMSA + off, 0,
					   0),
				 ADDRESS);
		assert_int_equal(core_call(SVSM_CORE_DEPOSIT_MEM, VMSA + off, 0,
					   0),
				 ADDRESS);
		if (off != PAGE_4K - 8)
			assert_int_equal(core_call(SVSM_CORE_WITHDRAW_MEM,
						   VMSA + off, 0, 0),
					 ADDRESS);
	}
	assert_int_equal(vmsa->vmpl, FAKE_GUEST_VMPL);
	/* Nor can the page be had back by validating it. */
	*(struct svsm_list *)world_at(WORLD_FREE) =
		(struct svsm_list){ .entries = 1 };
	*(uint64_t *)world_at(WORLD_FREE + 8) = VMSA | 0xc;
	assert_int_equal(core_call(SVSM_CORE_PVALIDATE, WORLD_FREE, 0, 0),
			 ADDRESS);
	assert_true(is_vmsa(VMSA));
	assert_int_equal(fake.violations, 0);
}

#define T(f) cmocka_unit_test_setup(f, world_setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(create_makes_it_run),
		T(create_checks_contents),
		T(create_checks_addresses),
		T(processors_that_failed_are_unknown),
		T(the_same_page_twice),
		T(two_live_for_a_moment),
		T(delete_refuses),
		T(deleting_oneself_never_returns),
		T(remap_moves_the_calling_area),
		T(remap_refuses_before_it_writes),
		T(areas_in_use_are_refused),
		T(delete_races_with_the_owner),
		T(lists_do_not_reach_save_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The request path and the CORE calls that need no file of their own. */
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
#include "kernel/proto/core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "abi/x86/event.h"
#include "kernel/proto/request.h"
#include "tests/fake/world.h"

static struct vcpu *vcpu(void)
{
	return world_cpu[0].vcpu;
}

static void query_knows_core_alone(void **state)
{
	static const struct {
		uint64_t rcx, answer;
	} cases[] = {
		{ 0x0000000000000001, 0x0000000100000001 },
		{ 0x0000000000000000, 0 }, /* version 0 */
		{ 0x0000000000000002, 0 }, /* version 2 */
		{ 0x00000000ffffffff, 0 },
		{ 0x0000000100000001, 0 }, /* attestation */
		{ 0x0000000200000001, 0 }, /* vTPM */
		{ 0x8000000000000001, 0 },
		{ 0xffffffff00000001, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(core_call(SVSM_CORE_QUERY_PROTOCOL,
					   cases[i].rcx, 7, 8),
				 SVSM_SUCCESS);
		assert_int_equal(world_vmsa()->rcx, cases[i].answer);
		assert_int_equal(world_vmsa()->rdx, 7);
		assert_int_equal(world_vmsa()->r8, 8);
	}
}

static void unknown_numbers(void **state)
{
	(void)state;
	for (uint64_t call = 8; call < 100; call++)
		assert_int_equal(world_call(call, 0, 0, 0), 0x80000002);
	assert_int_equal(world_call(0xffffffff, 0, 0, 0), 0x80000002);
	for (uint64_t protocol = 1; protocol < 40; protocol++)
		assert_int_equal(world_call(protocol << 32 | 6, 1, 0, 0),
				 0x80000001);
	assert_int_equal(world_call(0x8000000000000006, 1, 0, 0), 0x80000001);
	assert_int_equal(world_call(0xffffffff00000001, 1, 0, 0), 0x80000001);
	assert_int_equal(world_vmsa()->rcx, 1);
}

static void results_are_zero_extended(void **state)
{
	(void)state;
	world_call(0xffffffff00000001, 0, 0, 0);
	assert_int_equal(world_vmsa()->rax, 0x80000001ull);
}

static void vtom_is_absent(void **state)
{
	(void)state;
	assert_int_equal(core_call(SVSM_CORE_CONFIGURE_VTOM, 1, 5, 6), 0);
	assert_int_equal(world_vmsa()->rcx, 0);
	assert_int_equal(core_call(SVSM_CORE_CONFIGURE_VTOM, 0x40000002, 5, 6),
			 0x80000006);
	assert_int_equal(world_vmsa()->rcx, 0x40000002);
}

static void no_call_leaves_everything(void **state)
{
	struct vmsa *vmsa = world_vmsa();

	(void)state;
	vmsa->rax = 6;
	vmsa->rcx = 1;
	vmsa->guest_exitcode = 0x403;
	assert_false(request_serve(vcpu(), 0)); /* nothing pending */
	vcpu()->ca[0]->call_pending = 1;
	vmsa->guest_exitcode = 0x60; /* an interrupt, before the VMGEXIT */
	assert_false(request_serve(vcpu(), 0));
	assert_int_equal(vcpu()->ca[0]->call_pending, 1);
	assert_int_equal(vmsa->rax, 6);
	assert_int_equal(vmsa->rcx, 1);
	assert_true(vmsa->efer & EFER_SVME);
	assert_false(request_serve(vcpu(), 1)); /* unused slot */
	assert_false(request_serve(world_cpu[1].vcpu, 0));
}

static void running_save_area_is_left_alone(void **state)
{
	struct vmsa *vmsa = world_vmsa();

	(void)state;
	vcpu()->ca[0]->call_pending = 1;
	vmsa->guest_exitcode = 0x403;
	vmsa->efer = 0;
	assert_false(request_serve(vcpu(), 0));
	assert_int_equal(vmsa->efer, 0);
	assert_int_equal(vcpu()->ca[0]->call_pending, 1);
}

static void pending_must_be_one(void **state)
{
	(void)state;
	for (unsigned int i = 2; i < 256; i++) {
		struct vmsa *vmsa = world_vmsa();

		vmsa->rax = 6;
		vmsa->rcx = 1;
		vmsa->guest_exitcode = 0x403;
		vcpu()->ca[0]->call_pending = (uint8_t)i;
		assert_true(request_serve(vcpu(), 0));
		assert_int_equal(vmsa->rax, 0x80000004);
		assert_int_equal(vmsa->rcx, 1);
		assert_int_equal(vcpu()->ca[0]->call_pending, 0);
		assert_true(vmsa->efer & EFER_SVME);
	}
}

static void interrupted_event_is_kept(void **state)
{
	struct vmsa *vmsa = world_vmsa();

	(void)state;
	vmsa->guest_exitintinfo = EVENT_VALID | 0x30;
	vmsa->vintr_ctrl = VINTR_CTRL_BUSY | VINTR_CTRL_VGIF;
	assert_int_equal(core_call(SVSM_CORE_QUERY_PROTOCOL, 1, 0, 0), 0);
	assert_int_equal(vmsa->eventinj, EVENT_VALID | 0x30);
	assert_int_equal(vmsa->vintr_ctrl, VINTR_CTRL_VGIF);
	assert_int_equal(vmsa->guest_exitintinfo, 0);
}

#define T(f) cmocka_unit_test_setup(f, world_setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(query_knows_core_alone),
		T(unknown_numbers),
		T(results_are_zero_extended),
		T(vtom_is_absent),
		T(no_call_leaves_everything),
		T(running_save_area_is_left_alone),
		T(pending_must_be_one),
		T(interrupted_event_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

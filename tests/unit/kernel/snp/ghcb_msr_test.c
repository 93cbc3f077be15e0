/* SPDX-License-Identifier: MIT */
/* The GHCB MSR protocol against hosts that answer well, wrong and not. */
/* test-sources: kernel/snp/ghcb_msr.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/snp/ghcb_msr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define PAGE 0x12345000ull

static uint64_t answers[4], asked[4];
static unsigned int calls, answer_count;
static jmp_buf ended;

/* The host: the next scripted answer; after the last one the VM is over. */
static void host(void)
{
	uint64_t request = fake_msr_read(MSR_GHCB);

	asked[calls & 3] = request;
	if ((request & GHCB_MSR_INFO) == GHCB_MSR_TERMINATE)
		longjmp(ended, 1);
	if (calls < answer_count)
		fake_msr_write(MSR_GHCB, answers[calls]);
	calls++;
}

static void script(unsigned int count, uint64_t first, uint64_t second)
{
	answers[0] = first;
	answers[1] = second;
	answer_count = count;
	calls = 0;
}

static int setup(void **state)
{
	(void)state;
	fake_reset(PAGE_2M);
	fake.vmgexit = host;
	script(0, 0, 0);
	return 0;
}

/* 0 when the VM was ended; asked[] tells with which words. */
static uint64_t negotiate(uint64_t needed)
{
	if (setjmp(ended))
		return 0;
	return ghcb_msr_negotiate(needed);
}

static void negotiation(void **state)
{
	(void)state;
	script(2, 0x0002000133000001, 0x23081);
	assert_int_equal(negotiate(0x23), 0x23);
	assert_int_equal(asked[0], 0x002);
	assert_int_equal(asked[1], 0x080);
	script(2, 0x0003000233000001, 0x23081);
	assert_int_equal(negotiate(0x3), 0x23);
}

static void negotiation_fails(void **state)
{
	static const struct {
		uint64_t info, features, needed, last;
	} cases[] = {
		{ 0x0001000133000001, 0x23081, 1, 0x10100 }, /* too old */
		{ 0x0004000333000001, 0x23081, 1, 0x10100 }, /* too new */
		{ 0x0002000133000011, 0x23081, 1, 0x10100 }, /* nonsense */
		{ 0x0000000000000002, 0x23081, 1, 0x10100 }, /* no answer */
		{ 0x0002000133000001, 0x23080, 1, 0x20100 },
		{ 0x0002000133000001, 0x03081, 0x23, 0x20100 },
		{ 0x0002000133000001, 0x00081, 1, 0x20100 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		script(2, cases[i].info, cases[i].features);
		assert_int_equal(negotiate(cases[i].needed), 0);
		assert_int_equal(fake_msr_read(MSR_GHCB), cases[i].last);
	}
}

static void registration(void **state)
{
	static const uint64_t lies[] = {
		0xfffffffffffff013, 0x12346013, 0x12345012, 0x12345015, 0x13, 0
	};

	(void)state;
	script(1, PAGE | 0x13, 0);
	assert_int_equal(ghcb_msr_register((struct pa){ PAGE }), OK);
	assert_int_equal(asked[0], 0x12345012);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		script(1, lies[i], 0);
		assert_int_equal(ghcb_msr_register((struct pa){ PAGE }),
				 ERR_HOST);
	}
	assert_int_equal(ghcb_msr_register((struct pa){ PAGE + 8 }), ERR_ALIGN);
	assert_int_equal(ghcb_msr_register((struct pa){ 1ull << 52 }),
			 ERR_ALIGN);
}

static void page_states(void **state)
{
	static const uint64_t lies[] = {
		0x8000000000000015, 0x100000015, 0x1015, 0x14, 0x13, 0
	};
	struct pa page = { PAGE };

	(void)state;
	script(1, 0x15, 0);
	assert_int_equal(ghcb_msr_page_state(page, GHCB_PAGE_PRIVATE), OK);
	assert_int_equal(asked[0], 0x0010000012345014);
	script(1, 0x15, 0);
	assert_int_equal(ghcb_msr_page_state(page, GHCB_PAGE_SHARED), OK);
	assert_int_equal(asked[0], 0x0020000012345014);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		script(1, lies[i], 0);
		assert_int_equal(ghcb_msr_page_state(page, GHCB_PAGE_SHARED),
				 ERR_HOST);
	}
	page.v++;
	assert_int_equal(ghcb_msr_page_state(page, GHCB_PAGE_SHARED),
			 ERR_ALIGN);
}

static void cpuid(void **state)
{
	uint32_t value = 77;

	(void)state;
	script(1, 0x0000417340000005, 0);
	assert_int_equal(ghcb_msr_cpuid(0x8000001f, 1, &value), OK);
	assert_int_equal(asked[0], 0x8000001f40000004);
	assert_int_equal(value, 0x4173);
	script(1, 0x0000417380000005, 0); /* another register */
	assert_int_equal(ghcb_msr_cpuid(0x8000001f, 1, &value), ERR_HOST);
	script(1, 0x0000417340000004, 0);
	assert_int_equal(ghcb_msr_cpuid(0x8000001f, 1, &value), ERR_HOST);
	script(1, 0x0000417340001005, 0);
	assert_int_equal(ghcb_msr_cpuid(0x8000001f, 1, &value), ERR_HOST);
	assert_int_equal(value, 0x4173);
}

static void run_vmpl(void **state)
{
	static const uint64_t lies[] = { 0x0000000100000017, 0x0000000200000016,
					 0x1017, 0, ~0ull };

	(void)state;
	script(1, 0x17, 0);
	assert_int_equal(ghcb_msr_run_vmpl(2), OK);
	assert_int_equal(asked[0], 0x0000000200000016);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		script(1, lies[i], 0);
		assert_int_equal(ghcb_msr_run_vmpl(2), ERR_HOST);
	}
}

static void terminate(void **state)
{
	(void)state;
	if (!setjmp(ended))
		ghcb_msr_terminate(1, 2);
	assert_int_equal(fake_msr_read(MSR_GHCB), 0x21100);
	if (!setjmp(ended))
		ghcb_msr_terminate(0, 1);
	assert_int_equal(fake_msr_read(MSR_GHCB), 0x10100);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(negotiation),	 T(negotiation_fails),
		T(registration), T(page_states),
		T(cpuid),	 T(run_vmpl),
		T(terminate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* INT n as memory has it; and none where QEMU ran one. */
/* test-sources: emu/softint.c */
#include "emu/softint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/stop.h"

static uint8_t code[2];
static size_t readable;
static int delivered, bytes;
static unsigned int lines;
static jmp_buf stopped;

size_t guestmem_fetch(struct vcpu *c, uint8_t *to, size_t max)
{
	(void)c;
	assert_true(max >= readable);
	memcpy(to, code, readable);
	return readable;
}

enum guestmem_fault guestmem_walk(struct vcpu *c, uint64_t va, uint32_t access,
				  uint64_t *gpa, uint32_t *error)
{
	(void)access;
	(void)error;
	assert_int_equal(va, c->vmcb->save.rip);
	*gpa = 0x5000 | CBIT;
	return readable ? GUESTMEM_OK : GUESTMEM_NOT_MAPPED;
}

void *guestmem_ptr(uint64_t gpa, size_t size)
{
	assert_int_equal(gpa, 0x5000);
	assert_int_equal(size, 1);
	return code;
}

void inject_soft(struct vcpu *c, uint8_t vector, uint32_t length)
{
	(void)c;
	delivered = vector;
	bytes = (int)length;
}

void log_line(const char *format, ...)
{
	(void)format;
	lines++;
}

void stop_guest(struct vcpu *c, enum stop_status reason, const char *format,
		...)
{
	(void)c;
	(void)format;
	assert_int_equal(reason, STOP_EMULATOR);
	longjmp(stopped, 1);
}

static struct vcpu *vcpu(void)
{
	static struct vmcb vmcb;
	static struct vcpu c;

	memset(&c, 0, sizeof(c));
	c.vmcb = &vmcb;
	vmcb.save.rip = 0xffffffff81234567;
	delivered = -1;
	lines = 0;
	return &c;
}

static void at(uint8_t first, uint8_t second, size_t n)
{
	code[0] = first;
	code[1] = second;
	readable = n;
}

static void what_stands_there_is_delivered(void **state)
{
	static const struct {
		uint8_t first, second;
		size_t n;
		int vector, length;
	} cases[] = { { 0xcc, 0x90, 2, 3, 1 },
		      { 0xcc, 0, 1, 3, 1 },
		      { 0xce, 0, 2, 4, 1 },
		      { 0xcd, 0x80, 2, 0x80, 2 },
		      { 0xcd, 3, 2, 3, 2 } };

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vcpu *c = vcpu();

		at(cases[i].first, cases[i].second, cases[i].n);
		softint_exit(c);
		assert_int_equal(delivered, cases[i].vector);
		assert_int_equal(bytes, cases[i].length);
		assert_int_equal(lines, 0);
	}
}

/* Nothing is delivered, nothing in memory changes, it is told once. */
static void what_is_gone_runs_anew(void **state)
{
	struct vcpu *c = vcpu();

	(void)state;
	at(0x0f, 0x1f, 2);
	for (unsigned int i = 0; i < 3; i++)
		softint_exit(c);
	assert_int_equal(delivered, -1);
	assert_int_equal(code[0], 0x0f);
	assert_int_equal(lines, 1);
	assert_int_equal(c->vmcb->save.rip, 0xffffffff81234567);
	at(0xcc, 0, 2);
	softint_exit(c);
	assert_int_equal(delivered, 3);
	assert_int_equal(c->stale_code, 0);
}

static void not_for_ever(void **state)
{
	struct vcpu *c = vcpu();
	volatile unsigned int n = 0;

	(void)state;
	at(0x90, 0x90, 2);
	if (!setjmp(stopped))
		for (; n < 5000; n++)
			softint_exit(c);
	assert_in_range(n, 100, 4000);
	readable = 0; /* not even mapped */
	c = vcpu();
	softint_exit(c);
	assert_int_equal(delivered, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_there_is_delivered),
		cmocka_unit_test(what_is_gone_runs_anew),
		cmocka_unit_test(not_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

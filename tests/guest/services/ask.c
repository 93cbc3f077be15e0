/* SPDX-License-Identifier: MIT */
/* Requests by the test kernel's protocol. */
#include "abi/service.h"
#include "lib/fmt.h"
#include "lib/str.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/services/services.h"
#include "tests/guest/svsm.h"
#include "tests/inject/extra.h"

#define EXTRA(n)     ((uint64_t)EXTRA_PROTOCOL << 32 | (n))
#define TRIES	     200000000u
/* Of one service, before the next takes its place; see kernel/sys/service.c. */
#define CRASHES_EACH 8u

char answer_text[VCPU_MAX][TEXT_MAX];
uint32_t answer_result[VCPU_MAX];
static uint8_t pages[VCPU_MAX][4096] __attribute__((aligned(4096)));
uint64_t pages_fresh;
static unsigned int crashes;

static uint32_t call(unsigned int cpu, uint64_t function, struct svsm_regs *r)
{
	struct svsm_regs try;

	for (uint32_t i = 0; i < TRIES; i++) {
		try = *r;
		try.rax = EXTRA(function);
		if (svsm_exit(cpu, 1, &try))
			continue;
		if ((uint32_t)try.rax == (uint32_t)SVSM_ERR_INCOMPLETE ||
		    (uint32_t)try.rax == (uint32_t)SVSM_ERR_BUSY)
			continue;
		*r = try;
		return (uint32_t)try.rax;
	}
	return (uint32_t)SVSM_ERR_BUSY;
}

uint64_t pages_taken(void)
{
	struct svsm_regs regs = { 0 };

	check_equal("BALANCE", call(0, EXTRA_BALANCE, &regs), SVSM_SUCCESS);
	return regs.rcx;
}

static uint32_t ask_page(unsigned int cpu, const char *name, uint32_t op,
			 uint32_t arg, uint32_t size)
{
	struct extra_ask a = { .op = op, .arg = arg, .size = size };
	struct svsm_regs regs = { .rcx = (uint64_t)pages[cpu] };
	uint32_t r;

	fmt_print(a.name, sizeof(a.name), "%s", name);
	memcpy(pages[cpu], &a, sizeof(a));
	r = call(cpu, EXTRA_ASK, &regs);
	memcpy(&a, pages[cpu], sizeof(a));
	answer_result[cpu] = a.result;
	return r;
}

uint32_t ask(unsigned int cpu, const char *name, uint32_t op, uint32_t arg)
{
	uint32_t r = ask_page(cpu, name, op, arg, 0), size;

	memcpy(&size, pages[cpu] + 24, sizeof(size));
	if (r != SVSM_SUCCESS)
		size = 0;
	if (size > TEXT_MAX - 1)
		size = TEXT_MAX - 1;
	memcpy(answer_text[cpu], pages[cpu] + sizeof(struct extra_ask), size);
	answer_text[cpu][size] = 0;
	return r;
}

uint32_t ask_bytes(unsigned int cpu, const char *name, uint32_t op,
		   uint8_t *bytes, uint32_t *size)
{
	uint32_t n = *size < EXTRA_ASK_ROOM ? *size : 0, r;

	memcpy(pages[cpu] + sizeof(struct extra_ask), bytes, n);
	r = ask_page(cpu, name, op, 0, *size);
	memcpy(size, pages[cpu] + 24, sizeof(*size));
	if (r == SVSM_SUCCESS && *size <= n)
		memcpy(bytes, pages[cpu] + sizeof(struct extra_ask), *size);
	return r;
}

const char *victim(void)
{
	static char name[EXTRA_NAME_MAX];

	fmt_print(name, sizeof(name), "probe%u", crashes / CRASHES_EACH);
	return name;
}

void must_answer(const char *what, uint32_t op, uint32_t arg)
{
	uint32_t r = ask(0, victim(), op, arg);

	check_equal(what, r, SVSM_SUCCESS);
	if (r == SVSM_SUCCESS)
		check_equal(what, answer_result[0], SERVICE_OK);
	if (r != SVSM_SUCCESS || answer_result[0])
		print("services: %s: %s\n", what, answer_text[0]);
}

/* All of them are as if they had just started. */
static void crashed(const char *name)
{
	check_equal("it lives again", ask(0, name, PROBE_HELLO, 0),
		    SVSM_SUCCESS);
	check_equal("all pages came back", pages_taken(), pages_fresh);
	crashes++;
}

void must_die(const char *what, uint32_t op, uint32_t arg, const char *pattern)
{
	const char *name = victim();

	print("expect %s, %s: %s\n", name, what, pattern);
	check_equal(what, ask(0, name, op, arg),
		    (uint32_t)SVSM_ERR_INVALID_REQUEST);
	if (*answer_text[0])
		print("services: %s: %s\n", what, answer_text[0]);
	crashed(name);
}

void may_crash(const char *what, uint32_t op, uint32_t arg, const char *pattern)
{
	const char *name = victim();
	uint32_t r;

	print("allow %s, %s: %s\n", name, what, pattern);
	r = ask(0, name, op, arg);
	if (r == SVSM_SUCCESS)
		print("services: %s did nothing\n", what);
	else
		check_equal(what, r, (uint32_t)SVSM_ERR_INVALID_REQUEST);
	if (r != SVSM_SUCCESS)
		crashed(name);
}

void must_crash(const char *what, uint32_t op, uint32_t arg,
		const char *pattern)
{
	char told[32];

	fmt_print(told, sizeof(told), "restarts=%u", crashes % CRASHES_EACH);
	check_equal("it lives", ask(0, victim(), PROBE_HELLO, 0), SVSM_SUCCESS);
	check_true("restarts=N", !strcmp(answer_text[0], told));
	must_die(what, op, arg, pattern);
}

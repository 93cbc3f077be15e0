/* SPDX-License-Identifier: MIT */
/*
 * What a service may do to the SVSM: nothing. part=NAME on the command line
 * says which of the operations. Lines "expect NAME, WHAT: PATTERN" are for the
 * boot test.
 */
#include "abi/service.h"
#include "lib/fmt.h"
#include "lib/str.h"
#include "services/probe/traps.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/services/services.h"
#include "tests/guest/svsm.h"
#include "tests/inject/extra.h"

#define STORMS	   4u
#define WILD	   16u
#define ROUNDS	   20u
#define RESTARTS   8u
#define PF	   "vector 14 error"
#define GP	   "vector 13 error"
#define ECHO_BYTES 3000u

/* Everything that a service survives. */
static void answers(void)
{
	must_answer("system calls", PROBE_CALLS, 0);
	must_answer("bad addresses", PROBE_POINTERS, 0);
	must_answer("rights", PROBE_RIGHTS, 0);
	must_answer("heap", PROBE_HEAP, 0);
	must_answer("CPUID", PROBE_CPUID, 0);
	for (uint32_t i = 1; i <= STORMS; i++)
		must_answer("storm", PROBE_STORM, i);
	must_answer("heap after the storm", PROBE_CALLS, 0);
	for (uint32_t i = 0; i < 3; i++) {
		must_answer("registers", PROBE_STATE, i);
		must_answer("registers, later", PROBE_STATE_RESULT, 0);
	}
}

static void echo(void)
{
	static uint8_t bytes[ECHO_BYTES];
	uint32_t size = ECHO_BYTES;
	bool same = true;

	for (uint32_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(i * 7);
	check_equal("echo", ask_bytes(0, victim(), PROBE_ECHO, bytes, &size),
		    SVSM_SUCCESS);
	check_equal("its size", size, ECHO_BYTES);
	for (uint32_t i = 0; i < ECHO_BYTES; i++)
		same &= bytes[i] == (uint8_t)(i * 7 + 1);
	check_true("its bytes", same);
}

static void traps(uint32_t from, uint32_t to)
{
	static const struct {
		const char *name, *vectors;
	} rows[] = {
#define TRAP(name, vectors) { #name, vectors },
#include "services/probe/traps.inc"
#undef TRAP
	};
	char pattern[48];

	for (uint32_t i = from; i < to; i++) {
		const char *vectors = rows[i].vectors;
		bool maybe = *vectors == '?';

		fmt_print(pattern, sizeof(pattern), "vector (%s) error",
			  vectors + maybe);
		(maybe ? may_crash : must_crash)(rows[i].name, PROBE_TRAP, i,
						 pattern);
		if (i % 8 == 0)
			tpm_still("the vTPM, meanwhile");
	}
}

/* More than all copies together may survive. */
static void traps_first(void)
{
	traps(0, PROBE_TRAP_COUNT / 2);
}

static void traps_second(void)
{
	traps(PROBE_TRAP_COUNT / 2, PROBE_TRAP_COUNT);
}

static const struct {
	enum probe_place place;
	const char *name, *read, *write, *jump; /* NULL: allowed, or no case */
} places[] = {
	{ PLACE_NULL, "0", PF " 4 ", PF " 6 ", PF " 14 " },
	{ PLACE_TEXT, "text", NULL, PF " 7 ", NULL },
	{ PLACE_STACK, "stack", NULL, NULL, PF " 15 " },
	{ PLACE_HEAP, "heap", NULL, NULL, PF " 15 " },
	{ PLACE_PAGE, "request page", NULL, NULL, PF " 15 " },
	{ PLACE_PAGE_BEHIND, "guard", PF " 4 ", PF " 6 ", PF " 14 " },
	{ PLACE_STACK_TOP, "above the stack", PF " 4 ", PF " 6 ", PF " 14 " },
	/* CALL finds an address that is none at once. */
	{ PLACE_LAST, "last page", PF " 4 ", PF " 6 ", PF " 14 " },
	{ PLACE_HALF, "not canonical", GP, GP, GP },
	{ PLACE_KERNEL, "kernel", PF " [45] ", PF " [67] ", PF " 1[45] " },
	{ PLACE_TABLES, "tables", PF " [45] ", PF " [67] ", PF " 1[45] " },
	{ PLACE_END, "end", PF " [45] ", PF " [67] ", PF " 1[45] " },
};

static void place_crash(const char *how, const char *where, uint32_t op,
			uint32_t place, const char *pattern)
{
	char what[48];

	fmt_print(what, sizeof(what), "%s %s", how, where);
	if (pattern)
		must_crash(what, op, place, pattern);
}

static void places_tried(void)
{
	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint32_t place = places[i].place;
		const char *name = places[i].name;

		place_crash("read", name, PROBE_TOUCH, place, places[i].read);
		place_crash("write", name, PROBE_WRITE, place, places[i].write);
		place_crash("jump to", name, PROBE_JUMP, place, places[i].jump);
	}
	must_crash("no stack left", PROBE_RECURSE, 0, PF " 6 ");
}

static void messages(void)
{
	static const struct {
		enum probe_message kind;
		const char *name, *pattern;
	} rows[] = {
		{ MESSAGE_OP, "other op", "it answered 0 bytes for request" },
		{ MESSAGE_LARGE, "4097 bytes", "it answered 4097 bytes" },
		{ MESSAGE_HUGE, "2^32-1 bytes",
		  "it answered 4294967295 bytes" },
		{ MESSAGE_NULL, "message at 0", "cannot be read" },
		{ MESSAGE_KERNEL, "message at the kernel", "cannot be read" },
		{ MESSAGE_SPLIT, "half a message", "cannot be read" },
		{ MESSAGE_NONE, "ends itself", "it ended with status 3;" },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		must_crash(rows[i].name, PROBE_MESSAGE, rows[i].kind,
			   rows[i].pattern);
}

/* Its answer is right; the request after it finds no place to go. */
static void message_constant(void)
{
	check_equal("constant message",
		    ask(0, victim(), PROBE_MESSAGE, MESSAGE_CONST),
		    SVSM_SUCCESS);
	must_die("the request after it", PROBE_HELLO, 0,
		 "the message at [0-9a-f]* cannot be written");
}

/* Anything may come of it, but for harm to others. */
static void wild(void)
{
	unsigned int died = 0;

	for (uint32_t i = 1; i <= WILD; i++) {
		char name[EXTRA_NAME_MAX];
		uint32_t r;

		fmt_print(name, sizeof(name), "probe%u", 3 + i % 4);
		r = ask(0, name, PROBE_STORM_WILD, i);
		check_true("it answers or crashes",
			   r == SVSM_SUCCESS ||
				   r == (uint32_t)SVSM_ERR_INVALID_REQUEST);
		died += r != SVSM_SUCCESS;
		tpm_still("the vTPM after a storm");
	}
	print("services: %u of %u wild storms ended their service\n", died,
	      WILD);
	must_answer("a neighbour", PROBE_CALLS, 0);
}

/* Too often: gone for good, and its memory is free. */
static void gone(void)
{
	const char *name = "probe2";
	uint64_t before = pages_taken();

	for (uint32_t i = 0; i < RESTARTS; i++)
		check_equal("crash", ask(0, name, PROBE_TRAP, 0),
			    (uint32_t)SVSM_ERR_INVALID_REQUEST);
	check_equal("crashed eight times", ask(0, name, PROBE_HELLO, 0),
		    SVSM_SUCCESS);
	check_true("it knows", !strcmp(answer_text[0], "restarts=8"));
	check_equal("the last", ask(0, name, PROBE_TRAP, 0),
		    (uint32_t)SVSM_ERR_INVALID_REQUEST);
	for (uint32_t i = 0; i < 3; i++)
		check_equal("gone", ask(0, name, PROBE_HELLO, 0), EXTRA_GONE);
	check_true("its pages are free", pages_taken() + 100 < before);
	print("services: %llu pages free by one that is gone\n",
	      (unsigned long long)(before - pages_taken()));
}

static void loops(void)
{
	must_crash("calls for ever", PROBE_CALL_LOOP, 0, "it used up its time");
	must_crash("loops for ever", PROBE_SPIN, 0, "it used up its time");
}

/* vCPUs take turns: what one left in its registers, the next one finds. */
static void turns(unsigned int cpu)
{
	char name[EXTRA_NAME_MAX];

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t r;

		fmt_print(name, sizeof(name), "probe%u", i % 2);
		r = ask(cpu, name, PROBE_STATE, i + 1);
		check_equal("registers, one", r, SVSM_SUCCESS);
	}
}

static void second(unsigned int cpu)
{
	uint32_t r = ask(cpu, "probe0", PROBE_STATE_RESULT, 0);

	check_equal("registers, another CPU", r, SVSM_SUCCESS);
	check_equal("kept", answer_result[cpu], SERVICE_OK);
	if (answer_result[cpu])
		print("services: %s\n", answer_text[cpu]);
	/* And back again, filled here. */
	check_equal("registers", ask(cpu, "probe0", PROBE_STATE, 77),
		    SVSM_SUCCESS);
}

/* Answers to the right vCPU, whoever else asks meanwhile. */
static void crowd(unsigned int cpu)
{
	static uint8_t bytes[VCPU_MAX][64];

	for (uint32_t i = 0; i < 200; i++) {
		uint32_t size = 64, r;

		memset(bytes[cpu], (int)(cpu * 16 + i % 16), 64);
		r = ask_bytes(cpu, "probe1", PROBE_ECHO, bytes[cpu], &size);
		if (r != SVSM_SUCCESS || size != 64 ||
		    bytes[cpu][63] != (uint8_t)(cpu * 16 + i % 16 + 1))
			checks_failed++;
	}
}

static void processors(void)
{
	must_answer("registers", PROBE_STATE, 5);
	check_true("vCPU 1", vcpu_launch(1, second) && vcpu_wait(1));
	must_answer("registers from vCPU 1", PROBE_STATE_RESULT, 0);
	turns(0);
	check_true("vCPU 2", vcpu_launch(2, turns) && vcpu_wait(2));
	check_true("vCPU 3", vcpu_launch(3, crowd));
	check_true("vCPU 1 again", vcpu_relaunch(1, crowd));
	crowd(0);
	check_true("all done", vcpu_wait(1) && vcpu_wait(3));
}

static const struct {
	const char *word;
	void (*run)(void);
} parts[] = {
	{ "part=answers", answers },
	{ "part=answers", echo },
	{ "part=places", messages },
	{ "part=places", message_constant },
	{ "part=places", places_tried },
	{ "part=traps-1", traps_first },
	{ "part=traps-2", traps_second },
	{ "part=storm", wild },
	{ "part=gone", gone },
	{ "part=gone", tpm_crash },
	{ "part=loops", loops },
	{ "part=processors", processors },
};

int guest_main(void)
{
	tpm_start();
	pages_fresh = pages_taken();
	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (machine_option(parts[i].word))
			parts[i].run();
	if (!machine_option("part=gone"))
		tpm_still("the vTPM in the end");
	must_answer("the probe in the end", PROBE_CALLS, 0);
	return check_report("services");
}

/* SPDX-License-Identifier: MIT */
/*
 * A service that tries what the kernel forbids. For tests alone: no image that
 * guests get holds it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/service.h"
#include "services/base/link.h"
#include "services/base/log.h"
#include "services/probe/ops.h"
#include "services/probe/probe.h"

#include "services/probe/calls.h"

char probe_text[512];
static const char *restarts;

bool probe_wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!*probe_text)
		vsnprintf(probe_text, sizeof(probe_text), format, args);
	va_end(args);
	return false;
}

bool probe_want(const char *what, long got, long want)
{
	return got == want || probe_wrong("%s: %ld, not %ld", what, got, want);
}

static bool echo(const struct sys_message *m, uint8_t *page)
{
	for (uint32_t i = 0; i < m->size; i++)
		page[i]++;
	return true;
}

_Noreturn static void call_loop(void)
{
	for (;;)
		probe_call(SYS_GETPID, 0, 0, 0, 0);
}

_Noreturn static void spin(void)
{
	for (volatile unsigned int i = 0;;)
		i++;
}

/* What should end it; to be here again is a finding. */
static bool harm(struct sys_message *m)
{
	switch (m->op) {
	case PROBE_TRAP:
		harm_trap(m->arg);
		break;
	case PROBE_TOUCH:
	case PROBE_WRITE:
		harm_touch(m->arg, m->op == PROBE_WRITE);
		break;
	case PROBE_JUMP:
		harm_jump(m->arg);
		break;
	case PROBE_MESSAGE:
		harm_message(m->arg, m);
		break;
	case PROBE_RECURSE:
		harm_recurse();
		break;
	case PROBE_CALL_LOOP:
		call_loop();
	default:
		spin();
	}
	return probe_wrong("operation %u, %u came back", m->op, m->arg);
}

static bool run(struct sys_message *m, uint8_t *page)
{
	switch (m->op) {
	case PROBE_HELLO:
		snprintf(probe_text, sizeof(probe_text), "%s", restarts);
		return true;
	case PROBE_CALLS:
		return calls_right();
	case PROBE_POINTERS:
		return calls_pointers();
	case PROBE_RIGHTS:
		return memory_rights();
	case PROBE_HEAP:
		return memory_heap();
	case PROBE_CPUID:
		return state_cpuid();
	case PROBE_STATE_RESULT:
		return state_same();
	case PROBE_STORM:
	case PROBE_STORM_WILD:
		return storm_run(m->arg, m->op == PROBE_STORM_WILD);
	case PROBE_ECHO:
		return echo(m, page);
	default:
		return harm(m);
	}
}

/* The text is the answer, but for the echo. */
static void answer(struct sys_message *m, uint8_t *page)
{
	*probe_text = 0;
	m->result = run(m, page) ? SERVICE_OK : SERVICE_FAILED;
	if (m->op == PROBE_ECHO)
		return;
	m->size = (uint32_t)strlen(probe_text);
	memcpy(page, probe_text, m->size);
}

int main(int argc, char **argv)
{
	struct sys_message m = { 0 };
	uint8_t *page;

	restarts = argc > 1 ? argv[1] : "no word of restarts";
	for (;;) {
		page = link_next(&m);
		while (m.op == PROBE_STATE)
			state_hold(&m);
		answer(&m, page);
	}
}

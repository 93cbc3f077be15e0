/* SPDX-License-Identifier: MIT */
/* What the kernel has to end. */
#include <stdlib.h>
#include <string.h>

#include "abi/service.h"
#include "services/probe/calls.h"
#include "services/probe/ops.h"
#include "services/probe/probe.h"
#include "services/probe/traps.h"

#define TRAP(name, vectors) void trap_##name(void);
#include "services/probe/traps.inc"
#undef TRAP

static void (*const traps[])(void) = {
#define TRAP(name, vectors) trap_##name,
#include "services/probe/traps.inc"
#undef TRAP
};

#define CODE_RET 0xc3

void harm_trap(uint32_t number)
{
	if (number < PROBE_TRAP_COUNT)
		traps[number]();
}

static volatile uint8_t *place_of(uint32_t place)
{
	static uint8_t on_stack[16];
	static const uint64_t at[PLACE_COUNT] = {
		[PLACE_PAGE] = PROBE_AT_PAGE,
		[PLACE_PAGE_BEHIND] = PROBE_AT_PAGE + 4096,
		[PLACE_STACK_TOP] = PROBE_AT_STACK_TOP,
		[PLACE_LAST] = PROBE_AT_END,
		[PLACE_HALF] = 0x800000000000,
		[PLACE_KERNEL] = 0xffffffff80000000,
		[PLACE_TABLES] = 0xffffff0000000000,
		[PLACE_END] = 0xfffffffffffffff0,
	};
	static uint8_t *heap; /* one for all: kept until the end */

	switch (place) {
	case PLACE_TEXT:
		return (volatile uint8_t *)(uintptr_t)harm_trap;
	case PLACE_STACK:
		return (volatile uint8_t *)__builtin_frame_address(0) - 64;
	case PLACE_HEAP:
		if (!heap)
			heap = malloc(64);
		if (!heap)
			return on_stack;
		*heap = CODE_RET;
		return heap;
	default:
		return (volatile uint8_t *)at[place];
	}
}

void harm_touch(uint32_t place, bool write)
{
	volatile uint8_t *at;

	if (place >= PLACE_COUNT)
		return;
	at = place_of(place);
	if (write)
		*at = CODE_RET;
	else
		(void)*at;
}

/* A RET waits where that can be written. */
void harm_jump(uint32_t place)
{
	volatile uint8_t *at;

	if (place >= PLACE_COUNT)
		return;
	at = place_of(place);
	if (place == PLACE_STACK || place == PLACE_PAGE)
		*at = CODE_RET;
	((void (*)(void))(uintptr_t)at)();
}

static const struct sys_message constant = { .op = PROBE_MESSAGE };

void harm_message(uint32_t kind, struct sys_message *m)
{
	struct sys_message *split = (void *)(PROBE_AT_PAGE + 4096 - 8);
	uint64_t at = (uint64_t)m;

	m->result = SERVICE_OK;
	m->size = 0;
	switch (kind) {
	case MESSAGE_OP:
		m->op++;
		break;
	case MESSAGE_LARGE:
		m->size = SYS_MESSAGE_MAX + 1;
		break;
	case MESSAGE_HUGE:
		m->size = ~0u;
		break;
	case MESSAGE_NULL:
		at = 0;
		break;
	case MESSAGE_KERNEL:
		at = 0xffffffff80000000;
		break;
	case MESSAGE_SPLIT:
		at = (uint64_t)split;
		break;
	case MESSAGE_CONST:
		at = (uint64_t)&constant;
		break;
	default:
		probe_call(SYS_EXIT_GROUP, 3, 0, 0, 0);
		return;
	}
	probe_call(SYS_COIR_NEXT, at, 0, 0, 0);
}

/* Through a pointer, or the compiler sees where that leads. */
static void deeper(void (*volatile *again)(void *));

static void step(void *again)
{
	volatile uint8_t frame[1000];

	frame[0] = 1;
	deeper(again);
	frame[1] = frame[0];
}

static void deeper(void (*volatile *again)(void *))
{
	(*again)((void *)again);
}

void harm_recurse(void)
{
	static void (*volatile next)(void *) = step;

	deeper(&next);
}

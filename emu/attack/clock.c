/* SPDX-License-Identifier: MIT */
/* A TSC that the host moves while the SVSM does not run. */
#include "emu/attack/scenario.h"

/* Ticks at an exit; at a gigahertz some hundred milliseconds. */
#define STEP 100000000ull
/* Further than any patience of the SVSM's. */
#define FAR  0x4000000000ull

static enum attack_deed back(const struct attack_event *e)
{
	e->c->vmcb->tsc_offset -= STEP;
	return ATTACK_DONE;
}

static enum attack_deed forward(const struct attack_event *e)
{
	e->c->vmcb->tsc_offset += FAR;
	return ATTACK_DONE;
}

/* To and fro: differences of two readings are anything. */
static enum attack_deed fro(const struct attack_event *e)
{
	e->c->vmcb->tsc_offset = e->count & 1 ? 0 : 0 - FAR;
	return ATTACK_DONE;
}

#define EXITS(deed_)                                        \
	{                                                   \
		.at = ATTACK_AFTER, .levels = ATTACK_VMPL0, \
		.kind = ATTACK_ANY, .deed = (deed_)         \
	}

static const struct attack_scenario list[] = {
	{ "tsc-back", { EXITS(back) } },
	{ "tsc-forward", { EXITS(forward) } },
	{ "tsc-to-and-fro", { EXITS(fro) } },
};

const struct attack_family attack_clock = { list,
					    sizeof(list) / sizeof(list[0]) };

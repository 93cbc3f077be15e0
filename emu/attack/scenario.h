/* SPDX-License-Identifier: MIT */
/*
 * What a scenario is: up to three steps, each with its moment and its deed. One
 * table for each family; docs/attacks.md says of each what must come of it.
 */
#pragma once

#include <stddef.h>

#include "emu/attack/attack.h"

#define ATTACK_STEPS 3u
#define ATTACK_ANY   UINT64_MAX

/* Levels a step listens to. */
#define ATTACK_VMPL0 (1u << 0)
#define ATTACK_VMPL2 (1u << 2)
#define ATTACK_BOTH  (ATTACK_VMPL0 | ATTACK_VMPL2)

struct attack_event {
	struct vcpu *c; /* NULL at launch */
	uint64_t kind;
	void *what;
	uint32_t count; /* of the deeds of this step so far */
	uint64_t arg;	/* of the step */
};

enum attack_deed {
	ATTACK_NOT,	/* not the moment: not counted */
	ATTACK_DONE,	/* done; the machine goes on as it would */
	ATTACK_INSTEAD, /* done; instead of what the machine would do */
};

struct attack_step {
	enum attack_point at;
	uint32_t levels; /* ATTACK_VMPL*; 0 at launch */
	uint32_t mark;	 /* only after this mark of the guest; 0: always */
	uint64_t kind;
	uint32_t first; /* the n-th such moment, from 0 */
	uint32_t times; /* deeds; 0: no end */
	enum attack_deed (*deed)(const struct attack_event *e);
	uint64_t arg;
};

/* Each step waits until the one before it has acted. */
struct attack_scenario {
	const char *name;
	struct attack_step step[ATTACK_STEPS];
};

struct attack_family {
	const struct attack_scenario *list;
	size_t count;
};

extern const struct attack_family attack_memory, attack_answers, attack_msrs,
	attack_levels, attack_events, attack_launch, attack_clock,
	attack_random;

/* ---- deeds' tools ---- */

/* The page at which the guest set its first mark; 0: none so far. */
uint64_t attack_marked(void);
/* The page behind linear address @va of the running level; ~0: none. */
uint64_t attack_page(struct vcpu *c, uint64_t va);
/* Fills the page whoever owns it, as who has its key could. */
void attack_fill(uint64_t gpa, uint8_t byte);

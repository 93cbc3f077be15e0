/* SPDX-License-Identifier: MIT */
/*
 * A few addresses that one CPU, the lane's owner, maps, unmaps, flushes, and
 * whose pages it then uses again, while all CPUs read there. Each page holds its
 * lane's number and the round; what is used again holds poison. Whoever reads
 * poison, another lane's word, or a round that was flushed before the read began
 * has used an old translation; and what a CPU reads while the round is on cannot
 * be any of these.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/base/platform.h"

#define LANE_PAGES 3u

struct lane {
	uint64_t number;	       /* from 1 */
	struct pa page[2][LANE_PAGES]; /* they take turns */
	uint64_t now;  /* the newest round that was mapped, atomic */
	uint64_t gone; /* the newest that all CPUs have flushed, atomic */
};

/* What all CPUs have seen, atomic. */
extern struct lane_counts {
	uint64_t reads, faults, stale, flushes;
} lane_counts;

/* Takes its pages: panics where there are none. */
void lane_init(struct lane *lane, uint64_t number);

/* The owner's; rounds count from 1, one by one. */
void lane_map(struct lane *lane, uint64_t round);

/* Unmaps, flushes, and poisons; @blind: without the flush. */
void lane_unmap(struct lane *lane, bool blind);

/* Reads one of its pages: the round, 0 when nothing is mapped there, or when
 * what was read is stale, which is counted. Any CPU. */
uint64_t lane_look(const struct lane *lane, unsigned int page);

/* Does this CPU have an old translation of the page? Not counted: for one that
 * takes no part in flushes yet. */
bool lane_old(const struct lane *lane, unsigned int page);

bool lane_stale(void);

/* Who may rest is called (where CPUs can be). */
void lane_wake(uint32_t index);

/* One line, in which the caller's words come first, and how the test ended: on
 * a machine of ours with its end. */
void lane_report(const char *name, const char *words);

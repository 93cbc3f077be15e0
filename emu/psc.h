/* SPDX-License-Identifier: MIT */
/*
 * The page state change structure in a GHCB's buffer (AMD 56421, 4.1.6), one
 * 4 KiB page or 2 MiB region at a time. Pure: the caller does the change.
 * The structure is shared memory: each entry is read once, progress is written.
 */
#pragma once

#include <stdbool.h>

#include "abi/snp/ghcb.h"
#include "lib/addr.h"

struct psc_op {
	struct pa gpa;
	unsigned int op; /* PSC_OP_* */
	bool large;	 /* the 2 MiB region at gpa */
	/* 4 KiB pages [first, count) are still to do. */
	unsigned int first, count;
};

struct psc_walk {
	volatile struct psc_buffer *buffer;
	unsigned int at, end; /* from our copy of the header */
};

/* SW_EXITINFO2 of a call that did all it was asked. */
#define PSC_DONE 0ull

/* Both return 0 or the SW_EXITINFO2 of the failure; cur_entry then stays. */
must_check uint64_t psc_begin(volatile struct psc_buffer *buffer,
			      struct psc_walk *w);
/* Decodes the current entry; only while psc_more(). */
must_check uint64_t psc_entry(const struct psc_walk *w, struct psc_op *op);

bool psc_more(const struct psc_walk *w);
/* The current entry is done: its progress and the structure's are written. */
void psc_advance(struct psc_walk *w, const struct psc_op *op);

/* The single page of GHCB MSR request 0x014. False: malformed. */
must_check bool psc_from_msr(uint64_t msr, struct psc_op *op);

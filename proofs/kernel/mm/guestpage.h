/* SPDX-License-Identifier: MIT */
/*
 * Hardware and host around kernel/mm/guestpage.c, as they look to one page of
 * guest memory (the witness, any page): every instruction may answer anything,
 * and what the answer means is kept here. What must never be asked fails here.
 */
#pragma once

#include "proofs/fake/clear/hw/cpu.h"
/* First: others include the plain ones. */
#include "kernel/mm/guestpage.h"
#include "proofs/fake/record/kernel/mm/pvalid.h"

struct witness {
	bool valid;	 /* by PVALIDATE of ours, not rescinded since */
	bool granted;	 /* the guest may use it */
	bool clear;	 /* nothing of the host's in it */
	bool keep;	 /* contents may stay: the launch */
	uint64_t window; /* number of the page in the open window, if it is */
	unsigned int open;
};
extern struct witness witness;

/* Any state of the witness that its record agrees with; and its span. */
void witness_any(void);

/*
 * Recorded as valid, or sealed (pinned, recorded as not valid): it is.
 * Recorded as neither: not valid, not the guest's.
 */
bool witness_agrees(void);

/* A page of the witness's region, as the memory map gives it. */
struct guest_range witness_page(enum page_size size);

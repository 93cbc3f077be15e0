/* SPDX-License-Identifier: MIT */
/*
 * Calls whose n-th allocation fails: what the tests of one call have in
 * common. Every try has places of its own, which no record covers yet.
 */
#pragma once

#include <stddef.h>

#include "lib/addr.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

/* One page of the validation record serves so many bytes of memory. */
#define GROUP_BYTES 0x8000000ull
#define GROUP_FIRST 2u /* the image is below it */
/* Groups of a 2 GiB machine; the last one has tables at its end. */
#define GROUP_LAST  14u
#define PLACES	    2u

struct trial {
	uint64_t at[PLACES]; /* each the beginning of a group */
	uint32_t apic_id;    /* of the last CPU */
};

struct scenario {
	const char *name;
	unsigned int places; /* groups that each trial uses up */
	/* Once for each trial, before anything is counted. */
	void (*prepare)(const struct trial *t);
	/* The call under test; the same again when it is repeated. */
	uint32_t (*call)(const struct trial *t, bool again);
	/* Takes it back, without a failure. */
	void (*undo)(const struct trial *t);
	/* Undoes what prepare did and the next one cannot stand; or NULL. */
	void (*finish)(const struct trial *t);
};

extern const struct scenario pages_small, pages_list, pages_large, pages_ignore,
	rescind_small, rescind_large;
extern const struct scenario vcpu_create_own, vcpu_create_other, vcpu_delete,
	area_remap;
extern const struct scenario memory_deposit, memory_withdraw;

/* A list page, cleared of the last one's progress. */
extern struct page_list oom_list;

/* The list, from its beginning or from where it stopped. */
uint32_t list_run(uint32_t call, uint16_t entries, bool again);
/* One PVALIDATE entry that has to succeed. */
void page_must(uint64_t gpa, bool large, bool validate);
/* Host and SVSM: a page of the guest, of 4 KiB or 2 MiB. */
void page_prepare(uint64_t gpa, bool large);

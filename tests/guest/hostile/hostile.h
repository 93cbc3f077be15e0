/* SPDX-License-Identifier: MIT */
/*
 * A guest that does all it can to confuse the SVSM: the parts, and what they
 * share. Memory is an arena of 2 MiB regions, each for one kind of quarrel.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

#define ARENA	0x10000000ull
#define REGIONS 8u

#define REGION_SMALL  0u /* and 1, 2: single pages that all fight over */
#define SMALL_REGIONS 3u
#define REGION_LARGE  3u /* and 4: as 2 MiB pages, too */
#define LARGE_REGIONS 2u
#define REGION_OWN    5u /* each vCPU's own pages */
#define REGION_CANARY 6u /* nobody names them */
#define REGION_STOLEN 7u /* the host takes them, one by one */

#define NO_RAM 0x7000000000ull

#define ERR(code)      ((uint32_t)(code))
#define CORE_ERR(code) (ERR(SVSM_ERR_PROTOCOL) + (code))
#define UNSERVED       0xdead0000u

/* What one vCPU is about. */
struct actor {
	uint64_t random;
	uint32_t calls;		   /* made so far */
	uint32_t until;		   /* and to be made before it parks */
	volatile uint32_t parked;  /* touches nothing, until told */
	uint32_t own_valid, round; /* own.c */
	uint64_t ghost_ca;	   /* act.c */
	uint64_t rax, rcx;	   /* the call under way, for a report */
	uint32_t good, refused;	   /* answers */
};
extern struct actor actors[VCPU_MAX];
extern unsigned int hostile_cpus;
extern uint64_t hostile_seed;
extern bool hostile_tpm;     /* the image has one */
extern bool hostile_threads; /* each vCPU has a thread of the machine's */

/* Pages of each vCPU: a list that others write to, one that they do not, a
 * buffer for the TPM that they write to. */
extern struct page_list noisy[VCPU_MAX], quiet[VCPU_MAX];
extern uint8_t buffers[VCPU_MAX][4096];

/* An answer that nothing explains, or a wrong byte; printed by the first vCPU
 * in the end. Any vCPU. */
void strange(const char *what, unsigned int cpu, uint64_t call, uint64_t got);
void strange_report(void);

/* ---- draw.c ---- */
void draw_seed(unsigned int cpu, uint64_t seed);
uint32_t draw(unsigned int cpu, uint32_t below);
uint64_t draw64(unsigned int cpu);
uint64_t region_at(unsigned int region);
/* One of the pages that all fight over. */
uint64_t place_small(unsigned int cpu);
/* Any page, of the guest or not. */
uint64_t place_any(unsigned int cpu);
/* The i-th page that must be refused wherever an address is asked for; false
 * when there are no more. */
bool place_bad(unsigned int i, uint64_t *gpa);
/* The pages beside the SVSM and at the ends of memory become private. */
void places_make(void);
/* Guest memory beside the SVSM, and at the end; false: no more. */
bool place_edge(unsigned int i, uint64_t *gpa);

/* ---- call.c ---- */
/* A call, once; what came back, or UNSERVED. Every access to memory that may
 * be gone is one that may fail. */
uint32_t call_once(unsigned int cpu, uint64_t rax, struct svsm_regs *regs);
/* The same for REMAP_CA: afterwards the calling area is the one in force. */
uint32_t call_remap(unsigned int cpu, uint64_t gpa);
/* Until it is neither BUSY nor INCOMPLETE nor unserved. */
uint32_t call_whole(unsigned int cpu, uint64_t rax, struct svsm_regs *regs);
uint32_t call_simple(unsigned int cpu, uint64_t rax, uint64_t rcx);
/* A list of one entry in the vCPU's quiet page. */
uint32_t call_entry(unsigned int cpu, uint32_t call, uint64_t entry);
/* Writes as far as the page lets it. */
bool poke(uint64_t gpa, const void *from, uint32_t size);
/* Can the answer be one to this call, whatever others do meanwhile? */
bool call_allows(uint64_t rax, uint32_t answer);

/* ---- what each part does ---- */
void limits_first(void);	   /* the boot vCPU, alone */
void limits_run(unsigned int cpu); /* all at once */
void act(unsigned int cpu);	   /* one random call */
void own_start(unsigned int cpu);
void own_act(unsigned int cpu);
void rounds_run(uint32_t calls, unsigned int rounds, uint32_t steals);

/* ---- judge.c: nobody else runs ---- */
void canaries_make(void);
void canaries_check(void);
/* The record against the RMP: the arena, or every page of the machine. */
void judge(bool everywhere);
/* How many pages of the machine are pinned; what @each is told about. */
uint32_t judge_pinned(void (*each)(uint64_t gpa, uint8_t record));
void balance_read(uint64_t out[3]);
/* Is the page recorded as pinned? */
bool record_pinned(uint64_t gpa);

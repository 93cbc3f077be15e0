/* SPDX-License-Identifier: MIT */
/*
 * A hostile host by scenario (option attack=NAME, tests only): the machine asks
 * at a few points whether the chosen scenario wants to do something there. With
 * none chosen each question costs one load. Big lock held. docs/attacks.md.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

/* Where a scenario can act; what `kind` is, what `what` points at, and what
 * the answer true means. */
enum attack_point {
	ATTACK_NOWHERE,
	/* launch; kind 0. what: struct snp_cpuid_page before it is judged */
	ATTACK_CPUID_PAGE,
	/* launch; kind 0. what: struct snp_secrets, filled in */
	ATTACK_SECRETS,
	/* launch; kind: IGVM_VHT_* of a parameter. what: its bytes */
	ATTACK_PARAMETER,
	/* before VMRUN, nothing else to be injected; kind: CPL */
	ATTACK_ENTER,
	/* after VMRUN; kind: exit code. true: the exit is dealt with */
	ATTACK_EXIT,
	/* after an exit was dealt with; kind: its code */
	ATTACK_AFTER,
	/* HLT at VMPL0; kind 0. true: it goes on at once */
	ATTACK_HALT,
	/* GHCB page, copied; kind: event. what: struct ghcb_call. true: this is
	 * the answer, nobody else acts */
	ATTACK_EVENT,
	/* the same, before the answer is written. true: no answer is written */
	ATTACK_ANSWER,
	/* and after that */
	ATTACK_ANSWERED,
	/* GHCB MSR; kind: bits 11:0 of the request. what: the MSR, uint64_t.
	 * true: that is the answer */
	ATTACK_MSR,
	/* the same, answered; what: the MSR */
	ATTACK_MSR_ANSWER,
	/* a page's state is to change; kind: PSC_OP_*. what: struct psc_op. true:
	 * it is said to be done and is not */
	ATTACK_STATE,
	/* an instruction of SNP at CPL 0; kind: enum insn_class */
	ATTACK_INSN,
	/* a forbidden access; kind 0. what: its GPA, uint64_t. true: the host
	 * has set it right, the instruction runs again */
	ATTACK_VIOLATION,
	/* the guest's mark (abi/snp/ghcb_msr.h); kind: its number. what: the
	 * GPA in it, uint64_t */
	ATTACK_MARK,
};

extern bool attack_chosen;

/* Out of line; attack_on is the question. */
bool attack_asked(enum attack_point at, struct vcpu *c, uint64_t kind,
		  void *what);

static inline bool attack_on(enum attack_point at, struct vcpu *c,
			     uint64_t kind, void *what)
{
	return attack_chosen && attack_asked(at, c, kind, what);
}

/* Before the guest is loaded. Empty: none. An unknown name ends the machine. */
void attack_choose(const char *name);

/* The guest's mark, from its GHCB MSR: the answer. */
uint64_t attack_mark(struct vcpu *c, uint64_t msr);

/* At the end of the machine: how often the scenario acted. */
void attack_report(void);

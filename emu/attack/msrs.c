/* SPDX-License-Identifier: MIT */
/* The same for the GHCB MSR protocol: what is asked before there is a page. */
#include "abi/snp/ghcb_msr.h"
#include "abi/x86/cpuid.h"
#include "emu/attack/scenario.h"

#define PROTOCOL_3 (3ull << 48 | 3ull << 32 | GHCB_MSR_SEV_INFO)
#define PROTOCOL_1 (1ull << 48 | 1ull << 32 | GHCB_MSR_SEV_INFO)
#define NO_FEATURE ((uint64_t)GHCB_MSR_HV_FEATURES_RESP)
#define PSC_FAILS  (1ull << GHCB_MSR_ERROR_SHIFT | GHCB_MSR_PSC_RESP)
#define PSC_DONE_  ((uint64_t)GHCB_MSR_PSC_RESP)
#define OTHER_GPA  (0x9000000ull | GHCB_MSR_REG_GPA_RESP)
#define NO_ANSWER  0ull
#define RUN_FAILS  (1ull << GHCB_MSR_ERROR_SHIFT | GHCB_MSR_RUN_VMPL_RESP)
#define RUN_DONE   ((uint64_t)GHCB_MSR_RUN_VMPL_RESP)

static uint64_t *msr_of(const struct attack_event *e)
{
	return e->what;
}

/* This answer, and nothing is done. */
static enum attack_deed said(const struct attack_event *e)
{
	*msr_of(e) = e->arg;
	return ATTACK_INSTEAD;
}

/* The request comes back as it was, as an unknown one does. */
static enum attack_deed silence(const struct attack_event *e)
{
	(void)e;
	return ATTACK_INSTEAD;
}

/* The answer is that of the question before. */
static enum attack_deed replay(const struct attack_event *e)
{
	static uint64_t before;
	uint64_t now = *msr_of(e);

	if (e->count)
		*msr_of(e) = before;
	before = now;
	return ATTACK_DONE;
}

/* CPUID: another value than the page has. */
static enum attack_deed cpuid(const struct attack_event *e)
{
	uint64_t request = *msr_of(e);

	*msr_of(e) = e->arg << 32 | (request & 0xc0000000ull) |
		     GHCB_MSR_CPUID_RESP;
	return ATTACK_INSTEAD;
}

/* A register that was not asked for. */
static enum attack_deed cpuid_register(const struct attack_event *e)
{
	*msr_of(e) ^= 1ull << GHCB_MSR_CPUID_REG_SHIFT;
	return ATTACK_DONE;
}

/* A TERMINATE that the host does not hear. */
static enum attack_deed deaf(const struct attack_event *e)
{
	(void)e;
	return ATTACK_INSTEAD;
}

#define ASKED(info_, first_, times_, deed_, arg_)                          \
	{                                                                  \
		.at = ATTACK_MSR, .levels = ATTACK_VMPL0, .kind = (info_), \
		.first = (first_), .times = (times_), .deed = (deed_),     \
		.arg = (arg_)                                              \
	}
#define SAID(info_, value_) ASKED(info_, 0, 0, said, value_)
#define SERVED(times_, deed_, arg_)                                  \
	{                                                            \
		.at = ATTACK_MSR, .levels = ATTACK_VMPL0, .mark = 1, \
		.kind = GHCB_MSR_RUN_VMPL_REQ, .times = (times_),    \
		.deed = (deed_), .arg = (arg_)                       \
	}

static const struct attack_scenario list[] = {
	{ "info-protocol-3", { SAID(GHCB_MSR_SEV_INFO_REQ, PROTOCOL_3) } },
	{ "info-protocol-1", { SAID(GHCB_MSR_SEV_INFO_REQ, PROTOCOL_1) } },
	{ "info-silence", { ASKED(GHCB_MSR_SEV_INFO_REQ, 0, 0, silence, 0) } },
	{ "features-none", { SAID(GHCB_MSR_HV_FEATURES_REQ, NO_FEATURE) } },
	{ "features-silence",
	  { ASKED(GHCB_MSR_HV_FEATURES_REQ, 0, 0, silence, 0) } },
	{ "msr-psc-fails", { SAID(GHCB_MSR_PSC_REQ, PSC_FAILS) } },
	{ "msr-psc-said", { SAID(GHCB_MSR_PSC_REQ, PSC_DONE_) } },
	{ "msr-psc-silence", { ASKED(GHCB_MSR_PSC_REQ, 0, 0, silence, 0) } },
	{ "register-other", { SAID(GHCB_MSR_REG_GPA_REQ, OTHER_GPA) } },
	{ "register-silence",
	  { ASKED(GHCB_MSR_REG_GPA_REQ, 0, 0, silence, 0) } },
	{ "register-1-silence",
	  { ASKED(GHCB_MSR_REG_GPA_REQ, 1, 1, silence, 0) } },
	{ "cpuid-id-absent", { ASKED(GHCB_MSR_CPUID_REQ, 0, 0, cpuid, 77) } },
	{ "cpuid-id-other", { ASKED(GHCB_MSR_CPUID_REQ, 0, 0, cpuid, 1) } },
	{ "cpuid-register",
	  { { .at = ATTACK_MSR_ANSWER,
	      .levels = ATTACK_VMPL0,
	      .kind = GHCB_MSR_CPUID_REQ,
	      .deed = cpuid_register } } },
	{ "cpuid-silence", { ASKED(GHCB_MSR_CPUID_REQ, 0, 0, silence, 0) } },
	{ "run-fails", { SERVED(0, said, RUN_FAILS) } },
	{ "run-said", { SERVED(1000, said, RUN_DONE) } },
	{ "run-silence", { SERVED(0, silence, 0) } },
	{ "run-nothing", { SERVED(0, said, NO_ANSWER) } },
	{ "replay-msr",
	  { { .at = ATTACK_MSR_ANSWER,
	      .levels = ATTACK_VMPL0,
	      .kind = ATTACK_ANY,
	      .deed = replay } } },
	{ "terminate-unheard",
	  { SAID(GHCB_MSR_CPUID_REQ, NO_ANSWER),
	    ASKED(GHCB_MSR_TERMINATE, 0, 1000, deaf, 0),
	    { .at = ATTACK_HALT,
	      .levels = ATTACK_VMPL0,
	      .kind = ATTACK_ANY,
	      .deed = deaf } } },
};

const struct attack_family attack_msrs = { list,
					   sizeof(list) / sizeof(list[0]) };

/* SPDX-License-Identifier: MIT */
/* Untrue, missing, late and repeated answers in the GHCB page. */
#include "abi/x86/event.h"
#include "abi/x86/msr.h"
#include "abi/x86/trap.h"
#include "emu/attack/scenario.h"
#include "emu/ghcb.h"
#include "emu/page_state.h"
#include "lib/str.h"

#define EVERY_BIT 0xffu

static struct ghcb_call *call_of(const struct attack_event *e)
{
	return e->what;
}

static struct psc_buffer *list_of(const struct attack_event *e)
{
	return (struct psc_buffer *)(void *)call_of(e)->page->shared_buffer;
}

/* "Done", and nothing was. What a caller reads back is 0. */
static enum attack_deed lie(const struct attack_event *e)
{
	struct ghcb_call *call = call_of(e);

	call->out1 = call->out2 = 0;
	call->rax = call->rdx = 0;
	call->set = GHCB_HAS_RAX | GHCB_HAS_RDX;
	return ATTACK_INSTEAD;
}

/* The page comes back as it was sent. */
static enum attack_deed silence(const struct attack_event *e)
{
	(void)e;
	return ATTACK_INSTEAD;
}

static enum attack_deed malformed(const struct attack_event *e)
{
	ghcb_malformed(call_of(e), GHCB_ERR_INVALID_INPUT);
	return ATTACK_INSTEAD;
}

/* The host asks the SVSM to raise the exception of this number. */
static enum attack_deed raise(const struct attack_event *e)
{
	ghcb_raise(call_of(e), (uint32_t)(EVENT_VALID | EVENT_TYPE_EXCEPTION |
					  EVENT_HAS_ERROR | e->arg));
	return ATTACK_INSTEAD;
}

/* An answer of no kind that exists. */
static enum attack_deed strange(const struct attack_event *e)
{
	struct ghcb_call *call = call_of(e);

	call->out1 = 0x7777777700000003ull;
	call->out2 = ~0ull;
	return ATTACK_INSTEAD;
}

/* Done, but no register is marked valid. */
static enum attack_deed no_bits(const struct attack_event *e)
{
	call_of(e)->set = 0;
	return ATTACK_DONE;
}

/* Every byte of the page, valid bits, too. */
static enum attack_deed scribble(const struct attack_event *e)
{
	volatile uint8_t *at = (volatile uint8_t *)call_of(e)->page;

	for (uint64_t i = 0; i < PAGE_4K; i++)
		at[i] = (uint8_t)e->arg;
	return ATTACK_DONE;
}

/* The answer to the event before this one, whole. */
static enum attack_deed replay(const struct attack_event *e)
{
	static uint8_t before[PAGE_4K], now[PAGE_4K];
	volatile uint8_t *at = (volatile uint8_t *)call_of(e)->page;

	for (uint64_t i = 0; i < PAGE_4K; i++)
		now[i] = at[i];
	for (uint64_t i = 0; i < PAGE_4K && e->count; i++)
		at[i] = before[i];
	memcpy(before, now, PAGE_4K);
	return ATTACK_DONE;
}

/* ---- page state changes ---- */

static void said(const struct attack_event *e)
{
	call_of(e)->out1 = call_of(e)->out2 = 0;
}

static enum attack_deed psc_said(const struct attack_event *e)
{
	struct psc_buffer *list = list_of(e);

	said(e);
	list->cur_entry = (uint16_t)(list->end_entry + 1);
	return ATTACK_INSTEAD;
}

/* Half of the pages, then all but one. The rest was said, too. */
static enum attack_deed psc_half(const struct attack_event *e)
{
	struct psc_buffer *list = list_of(e);
	uint16_t end = list->end_entry;

	list->end_entry = end / 2;
	call_of(e)->out2 = page_state_list(e->c, list);
	list->end_entry = end;
	list->cur_entry = (uint16_t)(end + 1);
	return ATTACK_INSTEAD;
}

/* One page for each question: slow, but true. */
static enum attack_deed psc_slow(const struct attack_event *e)
{
	struct psc_buffer *list = list_of(e);
	uint16_t end = list->end_entry;

	list->end_entry = list->cur_entry;
	call_of(e)->out2 = page_state_list(e->c, list);
	list->end_entry = end;
	return ATTACK_INSTEAD;
}

static enum attack_deed psc_stuck(const struct attack_event *e)
{
	said(e);
	return ATTACK_INSTEAD;
}

/* Forward, and back again. */
static enum attack_deed psc_back(const struct attack_event *e)
{
	said(e);
	list_of(e)->cur_entry = e->count & 1 ? 1 : 4;
	return ATTACK_INSTEAD;
}

static enum attack_deed psc_longer(const struct attack_event *e)
{
	said(e);
	list_of(e)->end_entry += 100;
	list_of(e)->cur_entry = 3;
	return ATTACK_INSTEAD;
}

static enum attack_deed psc_beyond(const struct attack_event *e)
{
	said(e);
	list_of(e)->cur_entry = 0xffff;
	list_of(e)->end_entry = 0xffff;
	return ATTACK_INSTEAD;
}

/* Carried out, and a failure is told all the same. */
static enum attack_deed psc_failed(const struct attack_event *e)
{
	call_of(e)->out2 = PSC_ERR_GENERIC;
	return ATTACK_DONE;
}

/* The entries are rewritten under the SVSM's eyes, then all is "done". */
static enum attack_deed psc_rewritten(const struct attack_event *e)
{
	struct psc_buffer *list = list_of(e);

	for (unsigned int i = 0; i <= list->end_entry; i++)
		list->entry[i] += PAGE_4K;
	call_of(e)->out2 = page_state_list(e->c, list);
	return ATTACK_INSTEAD;
}

/* ---- VMPL0's timer ---- */

static bool writes(const struct attack_event *e, uint32_t msr)
{
	const struct ghcb_call *call = call_of(e);

	return call->info1 == 1 && (uint32_t)call->rcx == msr;
}

static enum attack_deed timer_never(const struct attack_event *e)
{
	return writes(e, MSR_X2APIC_TMICT) ? lie(e) : ATTACK_NOT;
}

/* The shortest time there is instead of the one that was asked for. */
static enum attack_deed timer_always(const struct attack_event *e)
{
	if (!writes(e, MSR_X2APIC_TMICT) || !call_of(e)->rax)
		return ATTACK_NOT;
	call_of(e)->rax = 1;
	return ATTACK_DONE;
}

static enum attack_deed timer_none(const struct attack_event *e)
{
	return raise(e);
}

#define ON(at_, event_, first_, times_, deed_, arg_)                   \
	{                                                              \
		.at = (at_), .levels = ATTACK_VMPL0, .kind = (event_), \
		.first = (first_), .times = (times_), .deed = (deed_), \
		.arg = (arg_)                                          \
	}
#define IO(deed_, arg_) ON(ATTACK_EVENT, GHCB_NAE_IOIO, 8, 0, deed_, arg_)
#define PSC(deed_)	ON(ATTACK_EVENT, GHCB_NAE_PSC, 0, 0, deed_, 0)
#define AP(deed_, arg_) \
	ON(ATTACK_EVENT, GHCB_NAE_AP_CREATION, 0, 1, deed_, arg_)
#define TIMER(deed_, arg_) ON(ATTACK_EVENT, GHCB_NAE_MSR, 0, 0, deed_, arg_)

static const struct attack_scenario list[] = {
	{ "io-silence",
	  { ON(ATTACK_ANSWER, GHCB_NAE_IOIO, 8, 0, silence, 0) } },
	{ "io-malformed", { IO(malformed, 0) } },
	{ "io-strange", { IO(strange, 0) } },
	{ "io-gp", { IO(raise, TRAP_GP) } },
	{ "io-pf", { IO(raise, TRAP_PF) } },
	{ "io-db", { IO(raise, TRAP_DB) } },
	{ "io-never-ready", { IO(lie, 0) } },
	{ "io-no-bits",
	  { ON(ATTACK_ANSWER, GHCB_NAE_IOIO, 8, 0, no_bits, 0) } },
	{ "page-zeroes",
	  { ON(ATTACK_ANSWERED, GHCB_NAE_IOIO, 0, 0, scribble, 0) } },
	{ "page-ones",
	  { ON(ATTACK_ANSWERED, GHCB_NAE_IOIO, 0, 0, scribble, EVERY_BIT) } },
	{ "page-ones-psc",
	  { ON(ATTACK_ANSWERED, GHCB_NAE_PSC, 0, 0, scribble, EVERY_BIT) } },
	{ "replay-io",
	  { ON(ATTACK_ANSWERED, GHCB_NAE_IOIO, 8, 0, replay, 0) } },
	{ "replay-any", { ON(ATTACK_ANSWERED, ATTACK_ANY, 0, 0, replay, 0) } },
	{ "psc-silence",
	  { ON(ATTACK_ANSWER, GHCB_NAE_PSC, 0, 0, silence, 0) } },
	{ "psc-malformed", { PSC(malformed) } },
	{ "psc-gp", { ON(ATTACK_EVENT, GHCB_NAE_PSC, 0, 0, raise, TRAP_GP) } },
	{ "psc-said", { PSC(psc_said) } },
	{ "psc-half", { PSC(psc_half) } },
	{ "psc-slow", { PSC(psc_slow) } },
	{ "psc-stuck", { PSC(psc_stuck) } },
	{ "psc-back", { PSC(psc_back) } },
	{ "psc-longer", { PSC(psc_longer) } },
	{ "psc-beyond", { PSC(psc_beyond) } },
	{ "psc-failed",
	  { ON(ATTACK_ANSWER, GHCB_NAE_PSC, 0, 0, psc_failed, 0) } },
	{ "psc-rewritten", { PSC(psc_rewritten) } },
	{ "ap-refused", { AP(malformed, 0) } },
	{ "ap-gp", { AP(raise, TRAP_GP) } },
	{ "ap-silence",
	  { ON(ATTACK_ANSWER, GHCB_NAE_AP_CREATION, 0, 1, silence, 0) } },
	{ "guest-start-said", { AP(lie, 0) } },
	{ "timer-never", { TIMER(timer_never, 0) } },
	{ "timer-always",
	  { { .at = ATTACK_EVENT,
	      .levels = ATTACK_VMPL0,
	      .mark = 1,
	      .kind = GHCB_NAE_MSR,
	      .times = 2000,
	      .deed = timer_always } } },
	{ "timer-none", { TIMER(timer_none, TRAP_GP) } },
	{ "timer-pf", { TIMER(timer_none, TRAP_PF) } },
};

const struct attack_family attack_answers = { list,
					      sizeof(list) / sizeof(list[0]) };

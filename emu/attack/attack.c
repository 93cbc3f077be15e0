/* SPDX-License-Identifier: MIT */
/* Finds the scenario, waits for the moments of its steps, counts its deeds. */
#include "emu/attack/attack.h"

#include "abi/snp/ghcb_msr.h"
#include "emu/attack/scenario.h"
#include "emu/guestmem.h"
#include "emu/log.h"
#include "emu/stop.h"
#include "lib/str.h"

bool attack_chosen;

static const struct attack_scenario *chosen;
static uint32_t moments[ATTACK_STEPS], deeds[ATTACK_STEPS];
static uint32_t marks;
static uint64_t marked;
/* The levels that asked and came out: others may run when that is dealt with. */
static uint32_t asking[MACHINE_CPUS], leaving[MACHINE_CPUS];
static bool acting;

static const struct attack_family *const families[] = {
	&attack_memory, &attack_answers, &attack_msrs,	&attack_levels,
	&attack_events, &attack_launch,	 &attack_clock, &attack_random,
};

static const struct attack_scenario *find(const struct attack_family *f,
					  const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->list[i].name, name))
			return &f->list[i];
	return NULL;
}

void attack_choose(const char *name)
{
	if (!*name)
		return;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (!chosen)
			chosen = find(families[i], name);
	if (!chosen)
		stop_machine(STOP_EMULATOR, "no attack is named %s", name);
	attack_chosen = true;
}

static uint32_t level_of(enum attack_point at, const struct vcpu *c)
{
	if (!c)
		return 0;
	if (at == ATTACK_ANSWER || at == ATTACK_ANSWERED ||
	    at == ATTACK_MSR_ANSWER)
		return 1u << asking[c->index];
	if (at == ATTACK_AFTER)
		return 1u << leaving[c->index];
	return 1u << c->vmpl;
}

static bool moment(const struct attack_step *s, enum attack_point at,
		   const struct vcpu *c, uint64_t kind)
{
	if (s->at != at || marks < s->mark)
		return false;
	if (s->kind != ATTACK_ANY && s->kind != kind)
		return false;
	return !c || (s->levels & level_of(at, c));
}

static void tell(const struct vcpu *c)
{
	if (!c)
		log_line("attack: %s begins at launch", chosen->name);
	else
		log_line("attack: %s begins: vCPU %u, VMPL%u, RIP %lx",
			 chosen->name, c->index, c->vmpl,
			 (unsigned long)c->vmcb->save.rip);
}

static bool step_act(uint32_t n, struct attack_event *e)
{
	const struct attack_step *s = &chosen->step[n];
	enum attack_deed deed;

	if (moments[n]++ < s->first)
		return false;
	if (s->times && deeds[n] >= s->times)
		return false;
	e->arg = s->arg;
	e->count = deeds[n];
	/* Counted first: the machine may end in the middle. */
	deeds[n]++;
	deed = s->deed(e);
	if (deed == ATTACK_NOT)
		deeds[n]--;
	else if (!e->count)
		tell(e->c);
	return deed == ATTACK_INSTEAD;
}

/* A deed that makes the machine ask again is not asked about. */
bool attack_asked(enum attack_point at, struct vcpu *c, uint64_t kind,
		  void *what)
{
	struct attack_event e = { .c = c, .kind = kind, .what = what };
	bool instead = false;

	if (acting)
		return false;
	if (at == ATTACK_EXIT)
		leaving[c->index] = c->vmpl;
	if (c && (at == ATTACK_EVENT || at == ATTACK_MSR))
		asking[c->index] = c->vmpl;
	acting = true;
	for (uint32_t n = 0; n < ATTACK_STEPS; n++) {
		if ((n && !deeds[n - 1]) || !chosen->step[n].deed)
			break;
		if (moment(&chosen->step[n], at, c, kind))
			instead |= step_act(n, &e);
	}
	acting = false;
	return instead;
}

uint64_t attack_mark(struct vcpu *c, uint64_t msr)
{
	uint64_t gpa = msr & GHCB_MSR_GPA;

	if (!attack_chosen)
		return msr;
	marks = (uint32_t)(msr >> GHCB_MSR_MARK_SHIFT);
	if (!marked)
		marked = gpa;
	(void)attack_on(ATTACK_MARK, c, marks, &gpa);
	return GHCB_MSR_MARK_RESP;
}

void attack_report(void)
{
	if (!attack_chosen)
		return;
	attack_chosen = false;
	log_line("attack: %s done %u times", chosen->name, deeds[0]);
	for (uint32_t n = 1; n < ATTACK_STEPS && chosen->step[n].deed; n++)
		log_line("attack: %s, step %u done %u times", chosen->name,
			 n + 1, deeds[n]);
}

uint64_t attack_marked(void)
{
	return marked;
}

uint64_t attack_page(struct vcpu *c, uint64_t va)
{
	uint32_t error;
	uint64_t gpa;

	if (guestmem_walk(c, va, 0, &gpa, &error) != GUESTMEM_OK)
		return ~0ull;
	return addr_down(gpa & ~CBIT, PAGE_4K);
}

void attack_fill(uint64_t gpa, uint8_t byte)
{
	void *page = guestmem_ptr(gpa, PAGE_4K);

	if (page)
		memset(page, byte, PAGE_4K);
}

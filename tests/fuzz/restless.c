/* SPDX-License-Identifier: MIT */
/* See restless.h: a page without rights, and the processor's single step. */
#include "tests/fuzz/restless.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define PAGE_BYTES 4096u
#define STEP	   0x100 /* RFLAGS.TF */
/* A page that is cleared or copied would take thousands. */
#define TURNS_MAX  200u

static struct {
	char *page, *there;
	void (*turn)(void *there);
	uint64_t turns;
	struct sigaction before; /* of SIGSEGV */
	bool installed;
} quiet;

static void rights(int prot)
{
	if (mprotect(quiet.page, PAGE_BYTES, prot))
		abort();
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	/* Not ours: a fault that somebody should hear of. */
	if (!quiet.page || (char *)info->si_addr < quiet.page ||
	    (char *)info->si_addr >= quiet.page + PAGE_BYTES) {
		if (quiet.before.sa_flags & SA_SIGINFO)
			quiet.before.sa_sigaction(number, info, context);
		abort();
	}
	quiet.turns++;
	quiet.turn(quiet.there);
	rights(PROT_READ | PROT_WRITE);
	c->uc_mcontext.gregs[REG_EFL] |= STEP;
}

static void on_step(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	(void)number;
	(void)info;
	c->uc_mcontext.gregs[REG_EFL] &= ~STEP;
	if (quiet.page && quiet.turns < TURNS_MAX)
		rights(PROT_NONE);
}

static void install(void)
{
	struct sigaction fault, step;

	memset(&fault, 0, sizeof(fault));
	memset(&step, 0, sizeof(step));
	fault.sa_flags = step.sa_flags = SA_SIGINFO;
	fault.sa_sigaction = on_fault;
	step.sa_sigaction = on_step;
	if (sigaction(SIGSEGV, &fault, &quiet.before) ||
	    sigaction(SIGTRAP, &step, NULL))
		abort();
	quiet.installed = true;
}

void restless_start(void *page, void (*turn)(void *there))
{
	if (!quiet.installed)
		install();
	quiet.there = mremap(page, 0, PAGE_BYTES, MREMAP_MAYMOVE);
	if (quiet.there == MAP_FAILED)
		abort();
	quiet.page = page;
	quiet.turn = turn;
	quiet.turns = 0;
	rights(PROT_NONE);
}

uint64_t restless_stop(void)
{
	if (!quiet.page)
		return 0;
	rights(PROT_READ | PROT_WRITE);
	munmap(quiet.there, PAGE_BYTES);
	quiet.page = NULL;
	return quiet.turns;
}

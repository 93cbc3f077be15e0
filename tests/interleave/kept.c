/* SPDX-License-Identifier: MIT */
/* Large memory cannot be written until its first write has been seen: states are
 * many, and pages that differ are few. */
#include "tests/interleave/kept.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/addr.h"
#include "tests/fake/hw/fake.h"
#include "tests/fake/window.h"
#include "tests/interleave/explore.h"
#include "tests/interleave/state.h"

#define PARTS	    16u
#define LARGE_PAGES 512u
#define CHUNK	    1024u
#define ALT_STACK   65536u

static APART struct part {
	char *at, *kept;
	size_t size;
} parts[PARTS];
static APART unsigned int count;
static APART struct part *large;
static APART bool written[LARGE_PAGES];
static APART char alt_stack[ALT_STACK];

static bool is_looked_at(size_t page)
{
	uint64_t offset = page * PAGE_4K;

	return written[page] ||
	       fake_windowed((uint64_t)(large->at - fake.ram) + offset);
}

/* A write to a page of the large part: from now on it is looked at. Elsewhere,
 * the fault comes again, and ends the program. */
static void on_write(int signal, siginfo_t *info, void *context)
{
	size_t offset = large ? (size_t)((char *)info->si_addr - large->at) : 0;

	(void)signal;
	(void)context;
	if (!large || offset >= large->size || written[offset / PAGE_4K] ||
	    mprotect(large->at + offset / PAGE_4K * PAGE_4K, PAGE_4K,
		     PROT_READ | PROT_WRITE) != 0) {
		(void)sigaction(SIGSEGV, &(struct sigaction){ 0 }, NULL);
		return;
	}
	written[offset / PAGE_4K] = true;
}

/* Not on the stack of a CPU: what it leaves there would be part of a state. */
static void writes_catch(void)
{
	stack_t stack = { .ss_sp = alt_stack, .ss_size = sizeof(alt_stack) };
	struct sigaction action = { .sa_sigaction = on_write,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK };

	if (sigaltstack(&stack, NULL) != 0 ||
	    sigaction(SIGSEGV, &action, NULL) != 0)
		abort();
}

void kept_none(void)
{
	if (large &&
	    mprotect(large->at, large->size, PROT_READ | PROT_WRITE) != 0)
		abort();
	large = NULL;
	count = 0;
}

void kept_add(void *at, size_t size)
{
	struct part *p = &parts[count];

	if (count++ == PARTS)
		abort();
	p->kept = realloc(p->kept, size);
	if (!p->kept)
		abort();
	p->at = at;
	p->size = size;
	memcpy(p->kept, at, size);
}

void kept_add_large(void *at, size_t size)
{
	if (large || size > LARGE_PAGES * PAGE_4K)
		abort();
	kept_add(at, size);
	large = &parts[count - 1];
	memset(written, 0, sizeof(written));
	writes_catch();
	if (mprotect(at, size, PROT_READ) != 0)
		abort();
}

/* A walk over the chunks of all parts that are not as they were kept. */
struct change {
	char *at, *kept;
	size_t size;
	unsigned int part;
	size_t offset; /* where to look on */
};

/* The next offset of @p, from @offset on, that may differ. */
static size_t skip(const struct part *p, size_t offset)
{
	while (p == large && offset < p->size &&
	       !is_looked_at(offset / PAGE_4K))
		offset = (offset / PAGE_4K + 1) * PAGE_4K;
	return offset;
}

static bool change_next(struct change *c)
{
	for (; c->part < count; c->part++, c->offset = 0) {
		const struct part *p = &parts[c->part];

		while ((c->offset = skip(p, c->offset)) < p->size) {
			size_t left = p->size - c->offset;

			c->at = p->at + c->offset;
			c->kept = p->kept + c->offset;
			c->size = left < CHUNK ? left : CHUNK;
			c->offset += c->size;
			if (memcmp(c->at, c->kept, c->size))
				return true;
		}
	}
	return false;
}

void kept_state(void)
{
	struct change c = { .part = 0 };

	while (change_next(&c)) {
		state_add(&c.part, sizeof(c.part));
		state_add(&c.offset, sizeof(c.offset));
		state_add(c.at, c.size);
	}
}

void kept_restore(void)
{
	struct change c = { .part = 0 };

	while (change_next(&c))
		memcpy(c.at, c.kept, c.size);
}

void kept_check(void)
{
	for (size_t page = 0; large && page < large->size / PAGE_4K; page++)
		if (!is_looked_at(page) &&
		    memcmp(large->at + page * PAGE_4K,
			   large->kept + page * PAGE_4K, PAGE_4K))
			explore_fail("page %zu was written unseen", page);
}

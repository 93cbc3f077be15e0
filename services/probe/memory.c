/* SPDX-License-Identifier: MIT */
/* Rights of pages, and how many of them there are. */
#include <stdlib.h>
#include <string.h>

#include "services/probe/calls.h"
#include "services/probe/ops.h"
#include "services/probe/probe.h"

#define PAGE	4096ull
#define ALL	(~0ull)
#define R	1u
#define W	2u
#define X	4u
#define PRIVATE 0x22u /* and anonymous */
#define FIXED	0x10u
#define SHARED	0x01u

static uint8_t data[2 * PAGE] __attribute__((aligned(4096)));
static const uint8_t constant[PAGE] __attribute__((aligned(4096))) = { 1 };

static uint64_t page_of(const void *at)
{
	return (uint64_t)at & ~(PAGE - 1);
}

static long mapping(uint64_t at, uint64_t size, uint64_t prot, uint64_t flags)
{
	return probe_call(SYS_MMAP, at, size, prot, flags);
}

static bool mmap_refused(void)
{
	static const struct {
		const char *what;
		uint64_t at, size, prot, flags;
		long want;
	} tries[] = {
		{ "mmap X", 0, PAGE, X, PRIVATE, -EPERM },
		{ "mmap RX", 0, PAGE, R | X, PRIVATE, -EPERM },
		{ "mmap RWX", 0, PAGE, R | W | X, PRIVATE, -EPERM },
		{ "mmap 8", 0, PAGE, 8, PRIVATE, -EPERM },
		{ "mmap 2^32", 0, PAGE, 1ull << 32, PRIVATE, -EPERM },
		{ "mmap of nothing", 0, 0, R, PRIVATE, -EINVAL },
		{ "mmap at 0", 0, PAGE, R, PRIVATE | FIXED, -EINVAL },
		{ "mmap on text", 0x400000, PAGE, R | W, PRIVATE | FIXED,
		  -EINVAL },
		{ "mmap shared", 0, PAGE, R, 0x20 | SHARED, -EINVAL },
		{ "mmap of a file", 0, PAGE, R, 2, -EINVAL },
		{ "mmap all", 0, ALL, R, PRIVATE, -ENOMEM },
		{ "mmap 2^63", 0, 1ull << 63, R | W, PRIVATE, -ENOMEM },
		{ "mmap 1G", 0, 1ull << 30, R | W, PRIVATE, -ENOMEM },
	};
	bool good = true;

	for (unsigned int i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		good &= probe_want(tries[i].what,
				   mapping(tries[i].at, tries[i].size,
					   tries[i].prot, tries[i].flags),
				   tries[i].want);
	return good;
}

static bool protect(const char *what, uint64_t at, uint64_t size, uint64_t prot,
		    long want)
{
	return probe_want(what, probe_call(SYS_MPROTECT, at, size, prot, 0),
			  want);
}

static bool mprotect_refused(void)
{
	const uint64_t text = page_of((void *)memory_rights);
	const uint64_t stack = page_of(&text), own = (uint64_t)data;

	return protect("text RW", text, PAGE, R | W, -EACCES) &&
	       protect("text W", text, PAGE, W, -EACCES) &&
	       protect("text RWX", text, PAGE, R | W | X, -EACCES) &&
	       protect("data RX", own, PAGE, R | X, -EACCES) &&
	       protect("data RWX", own, PAGE, R | W | X, -EACCES) &&
	       protect("stack RX", stack, PAGE, R | X, -EACCES) &&
	       protect("request page RX", PROBE_AT_PAGE, PAGE, R | X,
		       -EACCES) &&
	       protect("page 0", 0, PAGE, R | W, -ENOMEM) &&
	       protect("a guard", PROBE_AT_STACK_TOP, PAGE, R, -ENOMEM) &&
	       protect("into a guard", PROBE_AT_PAGE, 2 * PAGE, R | W,
		       -ENOMEM) &&
	       protect("odd", own + 8, PAGE, R, -EINVAL) &&
	       protect("kernel", 0xffffffff80000000, PAGE, R | W, -EINVAL) &&
	       protect("half", PROBE_AT_END, PAGE, R | W, -EINVAL) &&
	       protect("wraps", own, ALL - 4095, R, -EINVAL) &&
	       protect("wraps a little", own, ALL, R, -EINVAL) &&
	       protect("all below", own, PROBE_AT_END - own, R | W, -ENOMEM) &&
	       protect("nothing", own, 0, R, 0);
}

static bool unmap(const char *what, uint64_t at, uint64_t size, long want)
{
	return probe_want(what, probe_call(SYS_MUNMAP, at, size, 0, 0), want);
}

/* What the program started with stays. */
static bool munmap_refused(void)
{
	return unmap("munmap text", page_of((void *)memory_rights), PAGE,
		     -EINVAL) &&
	       unmap("munmap stack", PROBE_AT_STACK_TOP - PAGE, PAGE,
		     -EINVAL) &&
	       unmap("munmap the request page", PROBE_AT_PAGE, PAGE, -EINVAL) &&
	       unmap("munmap page 0", 0, PAGE, -EINVAL) &&
	       unmap("munmap the kernel", 0xffffffff80000000, PAGE, -EINVAL) &&
	       unmap("munmap odd", PROBE_AT_MMAP + 1, PAGE, -EINVAL) &&
	       unmap("munmap nothing", PROBE_AT_MMAP, 0, -EINVAL) &&
	       unmap("munmap all", PROBE_AT_MMAP, ALL, -EINVAL) &&
	       unmap("munmap beyond", PROBE_AT_MMAP, 1ull << 30, -EINVAL);
}

/* Rights that may be given take effect, for the kernel's copies too. */
static bool rights_change(void)
{
	const uint64_t at = (uint64_t)data;
	bool good = protect("to R", at, PAGE, R, 0) &&
		    probe_want("getrandom to R",
			       probe_call(SYS_GETRANDOM, at, 8, 0, 0),
			       -EFAULT) &&
		    protect("to none", at, PAGE, 0, 0) &&
		    probe_want("write from none",
			       probe_call(SYS_WRITE, 1, at, 8, 0), -EFAULT) &&
		    protect("to RW", at, PAGE, R | W, 0) &&
		    probe_want("getrandom to RW",
			       probe_call(SYS_GETRANDOM, at, 8, 0, 0), 8);

	/* Constants may be made writable, as on Linux; never text. */
	good &= protect("constants", (uint64_t)constant, PAGE, R | W, 0);
	data[0]++;
	return good;
}

bool memory_rights(void)
{
	return mmap_refused() && mprotect_refused() && munmap_refused() &&
	       rights_change();
}

static bool zeroed(const uint8_t *at, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++)
		if (at[i])
			return probe_wrong("byte %lu is %u", i, at[i]);
	return true;
}

#define MAPPINGS 2048u

/* Until there is no more; *count: how many pages that were. */
static bool mmap_all(unsigned int *count)
{
	static long at[MAPPINGS];
	unsigned int n = 0;
	bool good = true;

	for (; n < MAPPINGS; n++) {
		at[n] = mapping(0, 1, R | W, PRIVATE);
		if (at[n] < 0)
			break;
		good &= zeroed((void *)at[n], PAGE);
		memset((void *)at[n], 0xa5, PAGE);
	}
	if (n == MAPPINGS || !probe_want("the last", at[n], -ENOMEM))
		return probe_wrong("memory without end");
	for (unsigned int i = 0; i < n; i++)
		good &= unmap("munmap", (uint64_t)at[i], 1, 0);
	*count = n;
	return good;
}

static bool brk_moves(void)
{
	uint64_t old = (uint64_t)probe_call(SYS_BRK, 0, 0, 0, 0);
	uint64_t high = old + 5 * PAGE + 3;
	bool good = probe_want("brk up", probe_call(SYS_BRK, high, 0, 0, 0),
			       (long)high);

	if (!good || !zeroed((void *)old, high - old))
		return false;
	memset((void *)old, 0x5a, high - old);
	good &= probe_want("brk down", probe_call(SYS_BRK, old, 0, 0, 0),
			   (long)old);
	good &= probe_want("brk to 0", probe_call(SYS_BRK, 4096, 0, 0, 0),
			   (long)old);
	good &= probe_want("brk to the kernel",
			   probe_call(SYS_BRK, 0xffffffff80000000, 0, 0, 0),
			   (long)old);
	good &= probe_want("brk to the end", probe_call(SYS_BRK, ALL, 0, 0, 0),
			   (long)old);
	good &= probe_want("brk 1G",
			   probe_call(SYS_BRK, old + (1ull << 30), 0, 0, 0),
			   (long)old);
	good &= probe_want("brk up", probe_call(SYS_BRK, high, 0, 0, 0),
			   (long)high);
	/* Below the first page's end the old bytes are the program's own. */
	good &= zeroed((void *)((old + PAGE - 1) & ~(PAGE - 1)), 4 * PAGE);
	return good && probe_want("brk down", probe_call(SYS_BRK, old, 0, 0, 0),
				  (long)old);
}

bool memory_heap(void)
{
	unsigned int first = 0, second = 0;

	if (!brk_moves() || !mmap_all(&first) || !mmap_all(&second))
		return false;
	if (first != second || first < 16)
		return probe_wrong("%u pages, then %u", first, second);
	return brk_moves();
}

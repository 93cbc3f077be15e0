/* SPDX-License-Identifier: MIT */
/* System calls, right and wrong, and bad addresses in those that take one. */
#include "services/probe/calls.h"

#include <string.h>

#include "services/probe/ops.h"
#include "services/probe/probe.h"

#define ALL (~0ull)

struct call {
	const char *what;
	long number;
	uint64_t a, b, c, d;
	long want;
};

static bool all_want(const struct call *calls, unsigned int count)
{
	bool good = true;

	for (unsigned int i = 0; i < count; i++) {
		const struct call *c = &calls[i];

		good &= probe_want(
			c->what, probe_call(c->number, c->a, c->b, c->c, c->d),
			c->want);
	}
	return good;
}

/* Numbers on both sides of what there is, and those that would be harmful. */
static bool absent(void)
{
	static const long none[] = {
		2,	3,	13,	    14,	 16,	       20,  22,	 35,
		41,	42,	56,	    57,	 59,	       60,  62,	 101,
		157,	200,	257,	    302, 319,	       322, 334, 435,
		0x3fff, 0x4001, 0x7fffffff, -1,	 0x100000000l,
	};
	bool good = true;

	for (unsigned int i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		good &= probe_want("a call that there is not",
				   probe_call(none[i], 0, 0, 0, 0), -ENOSYS);
	return good;
}

static bool time_goes_on(void)
{
	uint64_t a[2], b[2], old = 0;

	for (unsigned int i = 0; i < 100; i++) {
		long r = probe_call(SYS_CLOCK_GETTIME, i % 12, (uint64_t)a, 0,
				    0);

		if (!probe_want("clock_gettime", r, 0))
			return false;
		if (a[1] >= 1000000000u)
			return probe_wrong("a second of %lu ns", a[1]);
		if (a[0] * 1000000000u + a[1] < old)
			return probe_wrong("time went back");
		old = a[0] * 1000000000u + a[1];
	}
	if (!probe_want("time", probe_call(SYS_TIME, (uint64_t)b, 0, 0, 0),
			(long)a[0]) &&
	    b[0] != a[0] + 1)
		return false;
	*probe_text = 0;
	return true;
}

static bool random_differs(void)
{
	static uint8_t a[5000], b[5000];
	unsigned int same = 0;
	long r = probe_call(SYS_GETRANDOM, (uint64_t)a, 4999, 0, 0);

	if (!probe_want("getrandom, 4999", r, 4999) || a[4999])
		return probe_wrong("getrandom wrote too far");
	r = probe_call(SYS_GETRANDOM, (uint64_t)b, 4999, 1, 0);
	if (!probe_want("getrandom again", r, 4999))
		return false;
	for (unsigned int i = 0; i < 4999; i++)
		same += a[i] == b[i];
	/* 20 are to be expected; 100 never come. */
	return same < 100 || probe_wrong("%u of 4999 bytes the same", same);
}

bool calls_right(void)
{
	static const char line[] = "the probe writes this\n";
	static uint64_t word;
	const uint64_t to = (uint64_t)&word, text = (uint64_t)line;
	const struct call calls[] = {
		{ "read 0", SYS_READ, 0, to, 8, 0, 0 },
		{ "read 1", SYS_READ, 1, to, 8, 0, -EBADF },
		{ "read -1", SYS_READ, ALL, to, 8, 0, -EBADF },
		{ "write 1", SYS_WRITE, 1, text, sizeof(line) - 1, 0,
		  sizeof(line) - 1 },
		{ "write nothing", SYS_WRITE, 2, text, 0, 0, 0 },
		{ "write 0", SYS_WRITE, 0, text, 3, 0, -EBADF },
		{ "write 2^32+1", SYS_WRITE, (1ull << 32) + 1, text, 3, 0,
		  -EBADF },
		{ "getpid", SYS_GETPID, 0, 0, 0, 0, 1 },
		{ "set_tid_address", SYS_SET_TID, ALL, 0, 0, 0, 1 },
		{ "futex wake", SYS_FUTEX, to, 1, 1, 0, 0 },
		{ "futex wake private", SYS_FUTEX, to, 129, 1, 0, 0 },
		{ "futex wait", SYS_FUTEX, to, 0, 0, 0, -ENOSYS },
		{ "ARCH_SET_GS", SYS_ARCH_PRCTL, 0x1001, to, 0, 0, -EINVAL },
		{ "ARCH_GET_FS", SYS_ARCH_PRCTL, 0x1003, to, 0, 0, -EINVAL },
		{ "clock 12", SYS_CLOCK_GETTIME, 12, to, 0, 0, -EINVAL },
		{ "clock -1", SYS_CLOCK_GETTIME, ALL, to, 0, 0, -EINVAL },
		{ "getrandom, 0", SYS_GETRANDOM, to, 0, 0, 0, 0 },
		{ "getrandom, flags 7", SYS_GETRANDOM, to, 8, 7, 0, 8 },
		{ "getrandom, flags 8", SYS_GETRANDOM, to, 8, 8, 0, -EINVAL },
	};

	return all_want(calls, sizeof(calls) / sizeof(calls[0])) && absent() &&
	       time_goes_on() && random_differs();
}

/* Whoever can make the kernel read or write one of these owns the machine. */
static const uint64_t bad[] = {
	0,
	8,
	0xfff,
	PROBE_AT_BRK - 4096,
	PROBE_AT_PAGE - 8,
	PROBE_AT_PAGE + 4096 - 4, /* the first half is there */
	PROBE_AT_STACK_TOP - 4,
	PROBE_AT_STACK_TOP,
	PROBE_AT_END - 8,
	PROBE_AT_END - 4,
	PROBE_AT_END,
	0x7ffffffffff8,
	0x7ffffffffffc,
	0x800000000000,
	0x8000000000000000,
	0xffff7fffffffffff,
	0xffff800000000000,
	0xffffff0000000000,
	0xffffffff80000000,
	0xffffffffc0000000,
	0xfffffffffffff000,
	0xfffffffffffffff8,
	0xffffffffffffffff,
};

static bool address_refused(uint64_t at)
{
	const struct call calls[] = {
		{ "write", SYS_WRITE, 1, at, 8, 0, -EFAULT },
		{ "write much", SYS_WRITE, 2, at, ALL, 0, -EFAULT },
		{ "clock_gettime", SYS_CLOCK_GETTIME, 1, at, 0, 0, -EFAULT },
		{ "getrandom", SYS_GETRANDOM, at, 16, 0, 0, -EFAULT },
		{ "getrandom much", SYS_GETRANDOM, at, ALL, 0, 0, -EFAULT },
		{ "time", SYS_TIME, at, 0, 0, 0, -EFAULT },
	};
	/* time(NULL) is right. */
	unsigned int count = sizeof(calls) / sizeof(calls[0]) - !at;
	bool good = all_want(calls, count);

	if (at >= PROBE_AT_END)
		good &= probe_want("ARCH_SET_FS",
				   probe_call(SYS_ARCH_PRCTL, 0x1002, at, 0, 0),
				   -EPERM);
	if (!good)
		probe_wrong("at %lx", at);
	return good;
}

/* The kernel writes with ring 3's rights, not its own. */
static bool text_refused(void)
{
	const uint64_t text = (uint64_t)calls_right;
	uint8_t before[16];
	const struct call calls[] = {
		{ "getrandom to text", SYS_GETRANDOM, text, 16, 0, 0, -EFAULT },
		{ "clock_gettime to text", SYS_CLOCK_GETTIME, 1, text, 0, 0,
		  -EFAULT },
		{ "time to text", SYS_TIME, text, 0, 0, 0, -EFAULT },
		{ "getrandom to constants", SYS_GETRANDOM, (uint64_t)bad, 16, 0,
		  0, -EFAULT },
	};
	bool good;

	memcpy(before, (const void *)text, sizeof(before));
	good = all_want(calls, sizeof(calls) / sizeof(calls[0]));
	if (memcmp(before, (const void *)text, sizeof(before)) != 0 ||
	    bad[1] != 8)
		return probe_wrong("text was written");
	return good;
}

bool calls_pointers(void)
{
	bool good = true;

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		good &= address_refused(bad[i]);
	return good && text_refused();
}

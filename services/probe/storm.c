/* SPDX-License-Identifier: MIT */
/*
 * Random system calls. The tame storm has any call with any argument, but
 * leaves what the service itself stands on; the wild one does not care.
 */
#include "services/probe/calls.h"
#include "services/probe/ops.h"
#include "services/probe/probe.h"

#define CALLS 10000u

static uint64_t seed;

static uint32_t dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 11) % sides;
}

static uint64_t wide(void)
{
	return (uint64_t)dice(~0u) << 32 | dice(~0u);
}

static const long numbers[] = {
	SYS_READ,      SYS_WRITE,      SYS_MMAP,      SYS_MPROTECT,
	SYS_MUNMAP,    SYS_BRK,	       SYS_GETPID,    SYS_ARCH_PRCTL,
	SYS_TIME,      SYS_FUTEX,      SYS_SET_TID,   SYS_CLOCK_GETTIME,
	SYS_GETRANDOM, SYS_EXIT_GROUP, SYS_COIR_NEXT,
};
#define COUNT (sizeof(numbers) / sizeof(numbers[0]))

static const uint64_t places[] = {
	0,
	1,
	PROBE_AT_MMAP,
	PROBE_AT_PAGE,
	PROBE_AT_PAGE + 4096,
	PROBE_AT_STACK_TOP,
	PROBE_AT_END,
	0x800000000000,
	0xffff800000000000,
	0xffffff0000000000,
	0xffffffff80000000,
	~0ull,
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static uint64_t argument(void)
{
	switch (dice(6)) {
	case 0:
		return dice(8);
	case 1:
		return wide();
	case 2:
		return PROBE_AT_MMAP + 4096ull * dice(64);
	case 3: /* but not the C library's own record of this thread */
		return (1ull << dice(64)) & ~PROBE_AT_BRK;
	case 4:
		return 4096ull * dice(16);
	default:
		return places[dice(PLACES)] + dice(3) - 1;
	}
}

/* What the tame storm leaves alone: its own memory, thread and life. */
static bool tame(long number, uint64_t a)
{
	switch (number) {
	case SYS_EXIT_GROUP:
	case SYS_COIR_NEXT:
	case SYS_ARCH_PRCTL:
	case SYS_BRK:
		return false;
	case SYS_MPROTECT:
	case SYS_MUNMAP:
		return a >= PROBE_AT_MMAP + 4096 * 1024;
	default:
		return true;
	}
}

bool storm_run(uint32_t arg, bool wild)
{
	uint64_t sum = 0;

	seed = arg * 2654435761ull + 88172645463325252ull;
	for (unsigned int i = 0; i < CALLS; i++) {
		long number = dice(20) ? numbers[dice(COUNT)] : (long)wide();
		uint64_t a = argument(), b = argument(), c = argument();

		/* A storm that only ends itself shows little. */
		if (wild && number == SYS_EXIT_GROUP && dice(500))
			continue;
		if (wild && number == SYS_COIR_NEXT && dice(500))
			continue;
		if (!wild && !tame(number, a))
			continue;
		/* Lines of garbage are no use to the reader of the log. */
		if (number == SYS_WRITE && dice(50))
			continue;
		sum += (uint64_t)probe_call(number, a, b, c, argument());
	}
	probe_wrong("calls gave %lx", sum);
	return true;
}

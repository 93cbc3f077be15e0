/* SPDX-License-Identifier: MIT */
/* Registers across system calls and processors; what CPUID shows. */
#include <cpuid.h>
#include <stddef.h>
#include <string.h>

#include "abi/service.h"
#include "abi/x86/cpuid.h"
#include "services/probe/probe.h"

#define WORDS	 11u
#define FXSAVE	 512u
#define CONTROL	 0u
#define TAGS	 4u
#define MXCSR	 24u
#define ST	 32u
#define ST_BYTES 10u /* of 16 */
#define XMM	 160u
#define XMM_END	 416u

struct state {
	uint8_t in[FXSAVE], out[FXSAVE];
	uint64_t words[12], after[12];
};
_Static_assert(offsetof(struct state, words) == 1024, "see traps.S");
_Static_assert(offsetof(struct state, after) == 1120, "see traps.S");

long state_next(struct sys_message *m, struct state *s); /* traps.S */

static struct state state __attribute__((aligned(16)));
static long status = -1;

static uint64_t mix(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return *seed >> 16 ^ *seed << 24;
}

static void state_fill(uint32_t arg)
{
	uint64_t seed = arg;
	const uint16_t control = 0x0e7f;
	const uint32_t mxcsr = 0x9fc0; /* flush to zero, other rounding */

	memset(&state, 0, sizeof(state));
	for (unsigned int i = ST; i < XMM_END; i++)
		state.in[i] = (uint8_t)mix(&seed);
	/* Exponents of ordinary numbers. */
	for (unsigned int i = 0; i < 8; i++) {
		state.in[ST + 16 * i + 7] |= 0x80;
		state.in[ST + 16 * i + 9] = 0x3f;
	}
	state.in[TAGS] = 0xff;
	memcpy(state.in + CONTROL, &control, sizeof(control));
	memcpy(state.in + MXCSR, &mxcsr, sizeof(mxcsr));
	for (unsigned int i = 0; i < WORDS; i++)
		state.words[i] = mix(&seed);
}

void state_hold(struct sys_message *m)
{
	state_fill(m->arg);
	m->result = SERVICE_OK;
	m->size = 0;
	status = state_next(m, &state);
}

static bool part_same(const char *what, unsigned int at, unsigned int size)
{
	return !memcmp(state.in + at, state.out + at, size) ||
	       probe_wrong("%s changed", what);
}

bool state_same(void)
{
	bool good = probe_want("coir_next", status, 0) &&
		    part_same("XMM", XMM, XMM_END - XMM) &&
		    part_same("MXCSR", MXCSR, 4) &&
		    part_same("x87 control", CONTROL, 2) &&
		    part_same("x87 tags", TAGS, 1);

	for (unsigned int i = 0; i < 8; i++)
		good &= part_same("x87 stack", ST + 16 * i, ST_BYTES);
	for (unsigned int i = 0; i < WORDS; i++)
		if (state.words[i] != state.after[i])
			return probe_wrong("register %u: %lx, not %lx", i,
					   state.after[i], state.words[i]);
	status = -1;
	return good;
}

static bool none(const char *what, uint32_t got, uint32_t hidden)
{
	return !(got & hidden) ||
	       probe_wrong("CPUID %s shows %x", what, got & hidden);
}

bool state_cpuid(void)
{
	uint32_t a, b, c, d;
	bool good;

	__cpuid_count(CPUID_LEAF_FEATURES, 0, a, b, c, d);
	good = none("1 ECX", c,
		    CPUID_1_ECX_XSAVE | CPUID_1_ECX_OSXSAVE | CPUID_1_ECX_AVX |
			    CPUID_1_ECX_F16C | CPUID_1_ECX_FMA);
	/* FXSR, SSE, SSE2: without them nothing of C runs. */
	if ((d & 7u << 24) != 7u << 24)
		return probe_wrong("CPUID 1 EDX is %x", d);
	__cpuid_count(CPUID_LEAF_STRUCTURED, 0, a, b, c, d);
	good &= none("7 EBX", b,
		     CPUID_7_EBX_FSGSBASE | CPUID_7_EBX_AVX2 |
			     CPUID_7_EBX_AVX512);
	good &= none("7 ECX", c,
		     CPUID_7_ECX_PKU | CPUID_7_ECX_OSPKE | CPUID_7_ECX_VECTOR);
	__cpuid_count(CPUID_LEAF_STRUCTURED, 1, a, b, c, d);
	good &= none("7.1 EAX", a, ~0u) && none("7.1 EDX", d, ~0u);
	__cpuid_count(CPUID_LEAF_XSTATE, 0, a, b, c, d);
	good &= none("13 EAX", a, ~0u) && none("13 EBX", b, ~0u);
	/* XOP and FMA4 work on YMM registers, too. */
	__cpuid_count(CPUID_LEAF_EXT_FEATURES, 0, a, b, c, d);
	good &= none("80000001 ECX", c, CPUID_81_ECX_VECTOR);
	__cpuid_count(0x4fffffff, 0, a, b, c, d);
	return good && none("of no such leaf", a | b | c | d, ~0u);
}

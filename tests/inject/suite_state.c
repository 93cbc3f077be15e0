/* SPDX-License-Identifier: MIT */
/* What belongs to one CPU or one process alone: FPU registers, services asked by
 * all CPUs at once. */
#include <stddef.h>

#include "hw/cpu.h"
#include "hw/fpu.h"
#include "kernel/base/percpu.h"
#include "kernel/cpu/tlb.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/sys/service.h"
#include "lib/str.h"
#include "services/probe/ops.h"
#include "tests/inject/fault.h"
#include "tests/inject/suite.h"

#define AREA	 512u
#define XMM_AT	 160u
#define XMM_SIZE 256u
#define CONTROL	 0x37fu
#define MXCSR	 0x1f80u
#define MXCSR_AT 24u

static uint8_t areas[SUITE_CPUS_MAX][2][AREA] __attribute__((aligned(16)));

static void read_null(void *at)
{
	(void)*(volatile uint8_t *)at;
}

static void area_fill(uint8_t area[AREA], uint32_t seed)
{
	const uint16_t control = CONTROL;
	const uint32_t mxcsr = MXCSR;

	memcpy(area, &control, sizeof(control));
	memcpy(area + MXCSR_AT, &mxcsr, sizeof(mxcsr));
	for (uint32_t i = 0; i < XMM_SIZE; i++)
		area[XMM_AT + i] = (uint8_t)(i * 7 + seed * 31 + 1);
}

/* Traps, flushes and other CPUs leave the registers alone. */
void suite_fpu(struct percpu *cpu)
{
	uint8_t *mine = areas[cpu->index][0], *after = areas[cpu->index][1];

	area_fill(mine, cpu->index);
	hw_fxrstor(mine);
	suite_meet();
	fault_catch(read_null, NULL);
	tlb_flush_all();
	suite_meet();
	hw_fxsave(after);
	suite_expect(!memcmp(mine + XMM_AT, after + XMM_AT, XMM_SIZE),
		     "registers changed");
}

#define ROUNDS	4u
#define BYTES	256u
#define RETRIES 1000000u

static void request_put(struct service *s, const struct service_caller *who,
			uint8_t seed)
{
	struct tmpmap map = tmpmap_4k(service_page(s), KMAP_WRITE);

	memset(map.va, seed, BYTES);
	tmpmap_drop(map);
	service_request(s, who, PROBE_ECHO, 0, BYTES);
}

static bool answer_good(struct service *s, const struct service_answer *a,
			uint8_t seed)
{
	struct tmpmap map = tmpmap_4k(service_page(s), KMAP_READ);
	const uint8_t *bytes = map.va;
	bool good = a->size == BYTES;

	for (uint32_t i = 0; i < BYTES; i++)
		good = good && bytes[i] == (uint8_t)(seed + 1);
	tmpmap_drop(map);
	return good;
}

/* True: there is an answer, and it is ours. */
static bool step(struct service *s, const struct service_caller *who,
		 uint8_t seed, bool *done)
{
	struct service_answer answer;
	enum service_turn turn = service_enter(s, who);
	enum service_end end;
	bool good = true;

	*done = turn == SERVICE_GONE;
	if (turn == SERVICE_BUSY || turn == SERVICE_GONE)
		return turn == SERVICE_BUSY;
	if (turn == SERVICE_FREE)
		request_put(s, who, seed);
	end = service_work(s, &answer);
	if (end == SERVICE_DONE)
		good = answer_good(s, &answer, seed);
	*done = end != SERVICE_MORE;
	service_leave(s);
	return end != SERVICE_CRASHED && good;
}

static bool ask(struct service *s, struct percpu *cpu, uint32_t round)
{
	const struct service_caller who = { cpu, 0, round };
	uint8_t seed = (uint8_t)(cpu->index * ROUNDS + round);
	bool done = false, good = true;

	for (uint32_t i = 0; i < RETRIES && !done && good; i++) {
		good = step(s, &who, seed, &done);
		if (!done)
			hw_pause();
	}
	return done && good;
}

void suite_services(struct percpu *cpu)
{
	struct service *s = service_find("probe");

	if (!s) {
		suite_skip("no service called probe in the image");
		return;
	}
	for (uint32_t i = 0; i < ROUNDS; i++)
		suite_expect(ask(s, cpu, i), "no answer, or a wrong one");
}

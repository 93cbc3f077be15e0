/* SPDX-License-Identifier: MIT */
/* The SVSM's record of each page against what the machine's RMP says. */
#include "abi/snp/ghcb_msr.h"
#include "abi/snp/rmp.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/hostile/hostile.h"
#include "tests/inject/extra.h"

#define MEMORY_END 0x20000000ull /* of the machine */
#define PAGES	   512u
#define CANARY	   0xc0de0000c0de0000ull

#define EXTRA(call) ((uint64_t)EXTRA_PROTOCOL << 32 | (call))

static uint8_t record[PAGES] __attribute__((aligned(4096)));

static void record_read(uint64_t region)
{
	struct svsm_regs regs = { .rcx = region, .rdx = (uint64_t)record };

	check_equal("the record is read",
		    call_whole(0, EXTRA(EXTRA_RECORD), &regs), SVSM_SUCCESS);
}

bool record_pinned(uint64_t gpa)
{
	record_read(addr_down(gpa, PAGE_2M));
	return record[gpa >> PAGE_SHIFT_4K & (PAGES - 1)] & RECORD_PINNED;
}

/* The host took it: the record may say so without being true any more. */
static bool may_be_stolen(uint64_t gpa)
{
	return addr_down(gpa, PAGE_2M) == region_at(REGION_STOLEN);
}

static const char *disagree(uint64_t gpa, uint8_t r, uint32_t bits)
{
	unsigned int guest = secrets->svsm_guest_vmpl;
	uint32_t perms = GHCB_MSR_LOOK_PERMS(bits, guest);
	bool valid = bits & GHCB_MSR_LOOK_VALID;
	bool vmsa = bits & GHCB_MSR_LOOK_VMSA;

	for (unsigned int vmpl = 1; vmpl < 4; vmpl++)
		if (vmpl != guest && GHCB_MSR_LOOK_PERMS(bits, vmpl))
			return "a level that is none has rights";
	if (!(r & RECORD_GUEST))
		return perms ? "not the guest's, but it has rights" : NULL;
	if (r & RECORD_OURS)
		return !valid || perms || vmsa ? "deposited" : NULL;
	if (r & RECORD_VALID) {
		if (!valid && may_be_stolen(gpa))
			return NULL;
		return !valid || perms != VMPL_ALL || vmsa ? "valid" : NULL;
	}
	if (r & RECORD_PINNED)
		return !valid || !vmsa || perms & VMPL_WRITE ? "sealed" : NULL;
	return valid || perms || vmsa ? "not valid" : NULL;
}

static void region_judge(uint64_t region)
{
	uint64_t look = 0, left = 0;

	record_read(region);
	for (unsigned int i = 0; i < PAGES; i++) {
		uint64_t gpa = region + i * PAGE_4K;
		const char *why;

		if (!left) {
			look = ghcb_msr_call(gpa | GHCB_MSR_LOOK_REQ);
			left = GHCB_MSR_LOOK_RUN(look);
		}
		left--;
		if (!(look & GHCB_MSR_LOOK_RAM))
			continue;
		why = disagree(gpa, record[i],
			       (uint32_t)GHCB_MSR_LOOK_BITS(look));
		if (why)
			strange(why, record[i], gpa, GHCB_MSR_LOOK_BITS(look));
	}
}

void judge(bool everywhere)
{
	uint64_t from = everywhere ? 0 : ARENA;
	uint64_t to = everywhere ? MEMORY_END : ARENA + REGIONS * PAGE_2M;

	check_equal("the machine shows its RMP",
		    ghcb_msr_call(GHCB_MSR_LOOK_REQ) & GHCB_MSR_INFO,
		    GHCB_MSR_LOOK_RESP);
	for (; from < to; from += PAGE_2M)
		region_judge(from);
}

uint32_t judge_pinned(void (*each)(uint64_t gpa, uint8_t record))
{
	static uint64_t found[256];
	static uint8_t as[256];
	uint32_t count = 0, kept = 0;

	for (uint64_t at = 0; at < MEMORY_END; at += PAGE_2M) {
		record_read(at);
		for (unsigned int i = 0; i < PAGES; i++) {
			if (!(record[i] & RECORD_PINNED))
				continue;
			count++;
			if (kept == 256)
				continue;
			found[kept] = at + i * PAGE_4K;
			as[kept++] = record[i];
		}
	}
	for (uint32_t i = 0; each && i < kept; i++)
		each(found[i], as[i]);
	return count;
}

void balance_read(uint64_t out[3])
{
	struct svsm_regs regs = { 0 };

	check_equal("balance", call_whole(0, EXTRA(EXTRA_BALANCE), &regs),
		    SVSM_SUCCESS);
	out[0] = regs.rcx;
	out[1] = regs.rdx;
	out[2] = regs.r8;
}

static uint64_t canary_at(unsigned int i)
{
	return region_at(REGION_CANARY) + i * 8 * PAGE_4K;
}

void canaries_make(void)
{
	check_equal("pages for the host to take",
		    call_entry(0, SVSM_CORE_PVALIDATE,
			       pvalidate_entry(region_at(REGION_STOLEN), true,
					       true, false)),
		    SVSM_SUCCESS);
	for (unsigned int i = 0; i < PAGES / 8; i++) {
		call_entry(0, SVSM_CORE_PVALIDATE,
			   pvalidate_entry(canary_at(i), false, true, true));
		hw_rep_stosq((void *)canary_at(i), CANARY + i, PAGE_4K / 8);
	}
}

void canaries_check(void)
{
	for (unsigned int i = 0; i < PAGES / 8; i++)
		for (unsigned int w = 0; w < PAGE_4K / 8; w++)
			if (((volatile uint64_t *)canary_at(i))[w] !=
			    CANARY + i)
				strange("canary", 0, canary_at(i), w);
}

/* SPDX-License-Identifier: MIT */
/* Calls in memory that others take away; which answers there can be. */
#include "abi/snp/ghcb_msr.h"
#include "abi/svsm/vtpm.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "tests/guest/hostile/hostile.h"

#define TRIES 20000000u

bool poke(uint64_t gpa, const void *from, uint32_t size)
{
	const uint8_t *byte = from;

	for (uint32_t i = 0; i < size; i++)
		if (probe_write((uint8_t *)gpa + i, byte[i]))
			return false;
	return true;
}

/* One exit to VMPL0 with the byte set. False: the area was not to be had. */
static bool leave(uint64_t ca, struct svsm_regs *regs)
{
	if (probe_write((uint8_t *)ca, 1))
		return false;
	hw_wrmsr(MSR_GHCB, GHCB_MSR_RUN_VMPL_REQ);
	call_exit(regs);
	return true;
}

/* Others write to the area, too: it is RAX that tells whether the call was
 * taken, for no call's number is one of its answers, but for REMAP_CA's. */
uint32_t call_once(unsigned int cpu, uint64_t rax, struct svsm_regs *regs)
{
	regs->rax = rax;
	actors[cpu].rax = rax;
	actors[cpu].rcx = regs->rcx;
	if (!leave((uint64_t)guest_vcpu[cpu].ca, regs) || regs->rax == rax)
		return UNSERVED;
	if (regs->rax >> 32)
		strange("RAX after the call", cpu, rax, regs->rax);
	return (uint32_t)regs->rax;
}

/* Is the new area the one in force? Calls through it are taken, the old one
 * saying nothing; more than once, since others may write to both. */
static bool moved(uint64_t old, uint64_t gpa)
{
	for (unsigned int i = 0; i < 3; i++) {
		struct svsm_regs regs = { .rax = SVSM_CORE_QUERY_PROTOCOL };
		uint8_t pending = 1;

		probe_write((uint8_t *)old, 0);
		if (leave(gpa, &regs) && regs.rax == SVSM_SUCCESS &&
		    !probe_read((uint8_t *)gpa, &pending) && pending != 1)
			return true;
	}
	return false;
}

uint32_t call_remap(unsigned int cpu, uint64_t gpa)
{
	uint64_t old = (uint64_t)guest_vcpu[cpu].ca;
	struct svsm_regs regs = { .rcx = gpa, .rax = SVSM_CORE_REMAP_CA };

	if (!leave(old, &regs))
		return UNSERVED;
	if (regs.rax || gpa == old)
		return (uint32_t)regs.rax;
	if (!moved(old, gpa))
		return UNSERVED;
	guest_vcpu[cpu].ca = (volatile struct svsm_ca *)gpa;
	return SVSM_SUCCESS;
}

uint32_t call_whole(unsigned int cpu, uint64_t rax, struct svsm_regs *regs)
{
	const struct svsm_regs given = *regs;
	uint32_t r = UNSERVED;

	for (uint32_t i = 0; i < TRIES; i++) {
		*regs = given;
		r = call_once(cpu, rax, regs);
		if (r != ERR(SVSM_ERR_BUSY) && r != ERR(SVSM_ERR_INCOMPLETE) &&
		    r != UNSERVED && r != ERR(SVSM_ERR_INVALID_FORMAT))
			break;
	}
	return r;
}

uint32_t call_simple(unsigned int cpu, uint64_t rax, uint64_t rcx)
{
	struct svsm_regs regs = { .rcx = rcx };

	return call_whole(cpu, rax, &regs);
}

uint32_t call_entry(unsigned int cpu, uint32_t call, uint64_t entry)
{
	quiet[cpu].header = (struct svsm_list){ .entries = 1 };
	quiet[cpu].entry[0] = entry;
	return call_simple(cpu, call, (uint64_t)&quiet[cpu]);
}

static bool among(uint32_t answer, const uint32_t *list, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (list[i] == answer)
			return true;
	return false;
}

#define S ERR(SVSM_SUCCESS)
#define A ERR(SVSM_ERR_INVALID_ADDRESS)
#define P ERR(SVSM_ERR_INVALID_PARAMETER)
#define R ERR(SVSM_ERR_INVALID_REQUEST)

/* docs/requests.md */
static const struct {
	bool needs; /* "deposit pages" */
	uint32_t answer[5];
} core[] = {
	[SVSM_CORE_REMAP_CA] = { true, { S, A, P, S, S } },
	[SVSM_CORE_PVALIDATE] = { true,
				  { S, A, P, CORE_ERR(SVSM_CORE_FAIL_NOCHANGE),
				    CORE_ERR(SVSM_CORE_FAIL_SIZEMISMATCH) } },
	[SVSM_CORE_CREATE_VCPU] = { true, { S, A, P, R, S } },
	[SVSM_CORE_DELETE_VCPU] = { false,
				    { S, P, CORE_ERR(SVSM_CORE_FAIL_INUSE), S,
				      S } },
	[SVSM_CORE_DEPOSIT_MEM] = { true,
				    { S, A, P, ERR(SVSM_ERR_INCOMPLETE), S } },
	[SVSM_CORE_WITHDRAW_MEM] = { false, { S, A, P, S, S } },
	[SVSM_CORE_QUERY_PROTOCOL] = { false, { S, S, S, S, S } },
	[SVSM_CORE_CONFIGURE_VTOM] = { false, { S, R, S, S, S } },
};

static const uint32_t vtpm[] = { S, A, P, R, ERR(SVSM_ERR_BUSY),
				 ERR(SVSM_ERR_INCOMPLETE),
				 /* of the platform command */
				 ERR(SVSM_ERR_UNSUPPORTED_CALL) };

bool call_allows(uint64_t rax, uint32_t answer)
{
	uint32_t protocol = (uint32_t)(rax >> 32), call = (uint32_t)rax;

	/* Another vCPU wrote to the calling area. */
	if (answer == UNSERVED || answer == ERR(SVSM_ERR_INVALID_FORMAT))
		return true;
	if (protocol == SVSM_VTPM_PROTOCOL && !hostile_tpm)
		return answer == ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL);
	if (protocol == SVSM_VTPM_PROTOCOL && call == SVSM_VTPM_CMD)
		return among(answer, vtpm, sizeof(vtpm) / sizeof(vtpm[0]));
	if (protocol == SVSM_VTPM_PROTOCOL && call == SVSM_VTPM_QUERY)
		return answer == S;
	if (protocol == SVSM_VTPM_PROTOCOL)
		return answer == ERR(SVSM_ERR_UNSUPPORTED_CALL);
	if (protocol != SVSM_CORE_PROTOCOL)
		return answer == ERR(SVSM_ERR_UNSUPPORTED_PROTOCOL);
	if (call >= sizeof(core) / sizeof(core[0]))
		return answer == ERR(SVSM_ERR_UNSUPPORTED_CALL);
	if (core[call].needs && answer > SVSM_NEED_PAGES &&
	    answer < SVSM_NEED_PAGES + 1000)
		return true;
	return among(answer, core[call].answer, 5);
}

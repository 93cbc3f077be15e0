/* SPDX-License-Identifier: MIT */
/*
 * One random call, while the other vCPUs make theirs: they name the same pages,
 * write to each other's lists, buffers and calling areas, and delete each other.
 */
#include "abi/snp/vmsa.h"
#include "abi/svsm/vtpm.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "lib/str.h"
#include "tests/guest/hostile/hostile.h"
#include "tests/inject/extra.h"

#define CALL(protocol, call) ((uint64_t)(protocol) << 32 | (call))
#define SOME		     16u /* entries of a list */

static void answer_note(unsigned int cpu, uint64_t rax, uint32_t r)
{
	actors[cpu].calls++;
	if (r == SVSM_SUCCESS)
		actors[cpu].good++;
	else
		actors[cpu].refused++;
	if (!call_allows(rax, r))
		strange("answer", cpu, rax, r);
}

static void make_call(unsigned int cpu, uint64_t rax, struct svsm_regs *regs)
{
	answer_note(cpu, rax, call_once(cpu, rax, regs));
}

/* An entry of PVALIDATE or DEPOSIT_MEM. Large pages only where they can be. */
static uint64_t entry_random(unsigned int cpu, bool pvalidate)
{
	uint64_t gpa = draw(cpu, 4) ? place_small(cpu) : place_any(cpu);
	uint64_t flags = draw(cpu, 16) ? 0 : draw64(cpu) & 0xffe;

	if (pvalidate)
		flags |= draw64(cpu) &
			 (SVSM_PVALIDATE_VALIDATE | SVSM_PVALIDATE_IGNORE_CF);
	if (draw(cpu, 12) == 0)
		return (region_at(REGION_SMALL + draw(cpu, 5)) | flags) +
		       SVSM_PVALIDATE_2M;
	return gpa | flags;
}

static struct svsm_list header_random(unsigned int cpu)
{
	struct svsm_list h = { .entries = (uint16_t)(1 + draw(cpu, SOME)) };

	if (draw(cpu, 16) == 0)
		h.entries = (uint16_t)draw64(cpu);
	if (draw(cpu, 16) == 0)
		h.next = (uint16_t)draw(cpu, 20);
	return h;
}

/* Writes a list to where another vCPU may be having one. */
static void list_write(unsigned int cpu, struct page_list *to, bool pvalidate)
{
	volatile struct page_list *l = to;
	struct svsm_list h = header_random(cpu);

	for (uint32_t i = 0; i < SOME; i++)
		l->entry[i] = entry_random(cpu, pvalidate);
	l->header.next = h.next;
	l->header.entries = h.entries;
}

/* A short list in a page that others may take away meanwhile. */
static void list_poke(unsigned int cpu, uint64_t gpa, bool pvalidate)
{
	struct {
		struct svsm_list header;
		uint64_t entry[3];
	} list = { .header = { .entries = 3 } };

	for (unsigned int i = 0; i < 3; i++)
		list.entry[i] = entry_random(cpu, pvalidate);
	poke(gpa, &list, sizeof(list));
}

static uint64_t list_place(unsigned int cpu, bool pvalidate)
{
	uint64_t gpa;

	switch (draw(cpu, 8)) {
	case 0:
		gpa = place_small(cpu) + (draw(cpu, 4) ? 0 : 4096 - 24);
		list_poke(cpu, gpa, pvalidate);
		return gpa;
	case 1:
		gpa = region_at(REGION_STOLEN) + draw(cpu, 512) * PAGE_4K;
		list_poke(cpu, gpa, pvalidate);
		return gpa;
	case 2:
		return place_any(cpu) + (draw(cpu, 2) ? 0 : draw(cpu, 4096));
	default:
		list_write(cpu, &noisy[cpu], pvalidate);
		return (uint64_t)&noisy[cpu];
	}
}

static void act_pvalidate(unsigned int cpu)
{
	struct svsm_regs regs = { .rcx = list_place(cpu, true) };

	make_call(cpu, SVSM_CORE_PVALIDATE, &regs);
}

static void act_deposit(unsigned int cpu)
{
	struct svsm_regs regs = { .rcx = list_place(cpu, false) };

	make_call(cpu, SVSM_CORE_DEPOSIT_MEM, &regs);
}

/* Nothing but pages of the guest may ever come out. */
static void withdrawn_check(unsigned int cpu, const struct page_list *l)
{
	for (uint32_t i = 0; i < l->header.entries && i < LIST_ROOM; i++)
		if (l->entry[i] % PAGE_4K ||
		    (l->entry[i] >= secrets->svsm_base &&
		     l->entry[i] < secrets->svsm_base + secrets->svsm_size))
			strange("withdrawn page", cpu, i, l->entry[i]);
}

static void act_withdraw(unsigned int cpu)
{
	struct svsm_regs regs = { .rcx = (uint64_t)&quiet[cpu] };

	quiet[cpu].header.entries = 0;
	if (draw(cpu, 4) == 0)
		regs.rcx = place_any(cpu) + (draw(cpu, 2) ? 0 : 4096 - 32);
	make_call(cpu, SVSM_CORE_WITHDRAW_MEM, &regs);
	withdrawn_check(cpu, &quiet[cpu]);
}

static bool is_home(uint64_t gpa)
{
	for (unsigned int n = 1; n < hostile_cpus; n++)
		if (gpa == vcpu_vmsa(n))
			return true;
	return false;
}

static void act_remap(unsigned int cpu)
{
	uint64_t gpa = draw(cpu, 3) ? place_small(cpu) : place_any(cpu);

	if (is_home(gpa)) /* rounds.c tells the living by them */
		return;
	answer_note(cpu, SVSM_CORE_REMAP_CA, call_remap(cpu, gpa));
}

/* A save area that no host runs, but whose call is pending when it is made:
 * its CPU may serve it. */
static void ghost_write(unsigned int cpu, uint64_t gpa)
{
	uint64_t rax = draw(cpu, 8), rcx = place_small(cpu), exit = 0x403;
	uint64_t efer = EFER_SVME | (draw(cpu, 8) ? EFER_LMA | EFER_LME : 0);
	uint64_t features = hw_rdmsr(MSR_SEV_STATUS) >> 2;
	uint8_t vmpl = (uint8_t)secrets->svsm_guest_vmpl;

	if (draw(cpu, 2))
		rcx = (uint64_t)&noisy[cpu];
	if (draw(cpu, 10) == 0)
		vmpl = (uint8_t)draw(cpu, 4);
	if (draw(cpu, 10) == 0)
		efer = 0;
	if (draw(cpu, 10) == 0)
		features ^= 1ull << draw(cpu, 64);
	poke(gpa + offsetof(struct vmsa, vmpl), &vmpl, 1);
	poke(gpa + offsetof(struct vmsa, efer), &efer, 8);
	poke(gpa + offsetof(struct vmsa, sev_features), &features, 8);
	poke(gpa + offsetof(struct vmsa, guest_exitcode), &exit, 8);
	poke(gpa + offsetof(struct vmsa, rax), &rax, 8);
	poke(gpa + offsetof(struct vmsa, rcx), &rcx, 8);
}

static void act_create(unsigned int cpu)
{
	uint64_t vmsa = draw(cpu, 4) ? place_small(cpu) : place_any(cpu);
	uint64_t ca = draw(cpu, 4) ? place_small(cpu) : place_any(cpu);
	struct svsm_regs regs = { .rcx = vmsa, .rdx = ca };
	uint32_t r;

	if (is_home(vmsa) || is_home(ca))
		return;
	regs.r8 = draw(cpu, 8) ? draw(cpu, hostile_cpus) : draw64(cpu) >> 28;
	if (draw(cpu, 8))
		ghost_write(cpu, vmsa);
	r = call_once(cpu, SVSM_CORE_CREATE_VCPU, &regs);
	answer_note(cpu, SVSM_CORE_CREATE_VCPU, r);
	if (r == SVSM_SUCCESS)
		actors[cpu].ghost_ca = ca;
}

/* A vCPU of the guest only now and then. One that runs is refused after a
 * million pauses, each of which is a turn of all others where vCPUs share a
 * thread: not there. */
static void act_delete(unsigned int cpu)
{
	struct svsm_regs regs = { .rcx = place_small(cpu) };

	if (hostile_threads && draw(cpu, 128) == 0)
		regs.rcx = vcpu_vmsa(draw(cpu, hostile_cpus));
	else if (draw(cpu, 512) == 0)
		regs.rcx = vcpu_vmsa(cpu);
	else if (draw(cpu, 8) == 0)
		regs.rcx = draw64(cpu) & ~(draw(cpu, 2) * 0xfffull);
	make_call(cpu, SVSM_CORE_DELETE_VCPU, &regs);
}

static void act_query(unsigned int cpu)
{
	struct svsm_regs regs = { .rcx = draw64(cpu) >> draw(cpu, 64) };

	if (draw(cpu, 2))
		make_call(cpu, SVSM_CORE_QUERY_PROTOCOL, &regs);
	else
		make_call(cpu, SVSM_CORE_CONFIGURE_VTOM, &regs);
}

static void act_tpm(unsigned int cpu)
{
	static const uint8_t get_random[] = { 0x80, 1, 0, 0,	0, 12,
					      0,    0, 1, 0x7b, 0, 16 };
	struct svsm_vtpm_command head = { SVSM_VTPM_SEND_COMMAND, 0, 12 };
	struct svsm_regs regs = { .rcx = (uint64_t)buffers[cpu] };

	if (draw(cpu, 8) == 0)
		head.size = draw(cpu, 5000);
	if (draw(cpu, 8) == 0)
		head.locality = (uint8_t)draw(cpu, 256);
	memcpy(buffers[cpu], &head, sizeof(head));
	memcpy(buffers[cpu] + sizeof(head), get_random, sizeof(get_random));
	if (draw(cpu, 4) == 0)
		regs.rcx = place_any(cpu) + draw(cpu, 2) * draw(cpu, 4096);
	make_call(cpu, CALL(SVSM_VTPM_PROTOCOL, draw(cpu, 8) ? 1 : 0), &regs);
}

static void act_unknown(unsigned int cpu)
{
	uint64_t rax = draw64(cpu) >> draw(cpu, 64);
	struct svsm_regs regs = { .rcx = place_any(cpu),
				  .rdx = place_any(cpu),
				  .r8 = draw64(cpu),
				  .r9 = draw64(cpu) };

	/* Not its own number as an answer, not the test kernel's protocol. */
	rax &= ~0xc0000000ull;
	if (rax >> 32 == EXTRA_PROTOCOL || (rax < 8 && rax != 6))
		rax = 8;
	make_call(cpu, rax, &regs);
}

/* Any registers in any call that does not end vCPUs. */
static void act_raw(unsigned int cpu)
{
	struct svsm_regs regs = { .rcx = place_any(cpu),
				  .rdx = place_any(cpu),
				  .r8 = draw64(cpu) };
	uint32_t call = 1 + draw(cpu, 7);

	if (draw(cpu, 2))
		regs.rcx += draw64(cpu) >> draw(cpu, 64);
	if (call != SVSM_CORE_DELETE_VCPU && call != SVSM_CORE_CREATE_VCPU)
		make_call(cpu, call, &regs);
}

static void act_own(unsigned int cpu)
{
	own_act(cpu);
	actors[cpu].calls++;
	actors[cpu].good++;
}

/* What this vCPU does to the others' calls under way. */
static void scribble(unsigned int cpu)
{
	unsigned int other = draw(cpu, hostile_cpus);
	volatile struct page_list *l = &noisy[other];

	l->entry[draw(cpu, SOME)] = entry_random(cpu, draw(cpu, 2));
	if (draw(cpu, 4) == 0)
		l->header = header_random(cpu);
	if (draw(cpu, 4) == 0)
		buffers[other][draw(cpu, 24)] = (uint8_t)draw64(cpu);
	if (draw(cpu, 128) == 0)
		probe_write((uint8_t *)guest_vcpu[other].ca,
			    (uint8_t)(draw(cpu, 2) * 2));
	/* A call of a save area that nobody runs. */
	if (actors[other].ghost_ca && draw(cpu, 8) == 0)
		probe_write((uint8_t *)actors[other].ghost_ca, 1);
}

static const struct {
	uint8_t weight;
	void (*act)(unsigned int cpu);
} acts[] = {
	{ 26, act_pvalidate }, { 14, act_deposit }, { 10, act_withdraw },
	{ 10, act_remap },     { 10, act_create },  { 9, act_delete },
	{ 4, act_query },      { 2, act_tpm },	    { 3, act_unknown },
	{ 4, act_raw },	       { 8, act_own },
};

void act(unsigned int cpu)
{
	uint32_t pick = draw(cpu, 100), i = 0;

	scribble(cpu);
	while (i + 1 < sizeof(acts) / sizeof(acts[0]) && pick >= acts[i].weight)
		pick -= acts[i++].weight;
	acts[i].act(cpu);
}

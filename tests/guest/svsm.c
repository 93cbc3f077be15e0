/* SPDX-License-Identifier: MIT */
/* SVSM calls by the GHCB MSR protocol, and further vCPUs of a test guest. */
#include "tests/guest/svsm.h"

#include "abi/snp/ghcb_msr.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "hw/cpu.h"
#include "lib/str.h"
#include "tests/guest/machine.h"

#define STACK_SIZE 8192u
#define WAIT_SPINS 400000000u
#define IN_USE	   ((uint32_t)SVSM_ERR_PROTOCOL + SVSM_CORE_FAIL_INUSE)

volatile uint32_t svsm_unserved;

static uint8_t stacks[VCPU_MAX][STACK_SIZE] __attribute__((aligned(4096)));
/* One page apart, so that a VMSA never begins a 2 MiB page by accident. */
static struct vmsa vmsas[VCPU_MAX] __attribute__((aligned(4096)));
static uint8_t areas[VCPU_MAX][4096] __attribute__((aligned(4096)));
static struct page_list one_page __attribute__((aligned(4096)));
static struct guest_vcpu records[VCPU_MAX];

struct guest_vcpu *guest_vcpu = records;
static struct vmsa *vmsa_of = vmsas;
static uint8_t (*stack_of)[STACK_SIZE] = stacks;
static uint8_t (*area_of)[4096] = areas;

void svsm_init(void)
{
	guest_vcpu[0].ca = (volatile struct svsm_ca *)secrets->svsm_caa;
}

uint8_t svsm_exit(unsigned int number, uint8_t pending, struct svsm_regs *regs)
{
	volatile struct svsm_ca *ca = guest_vcpu[number].ca;

	ca->call_pending = pending;
	hw_wrmsr(MSR_GHCB, GHCB_MSR_RUN_VMPL_REQ);
	call_exit(regs);
	return __atomic_exchange_n(&ca->call_pending, 0, __ATOMIC_SEQ_CST);
}

uint32_t svsm_call(unsigned int number, uint32_t call, struct svsm_regs *regs)
{
	struct svsm_regs try;
	unsigned int tries;

	for (tries = 0; tries < 100000; tries++) {
		try = *regs;
		try.rax = call;
		if (svsm_exit(number, 1, &try)) {
			svsm_unserved++; /* resumed by the host alone */
			continue;
		}
		if ((uint32_t)try.rax == (uint32_t)SVSM_ERR_INCOMPLETE ||
		    (uint32_t)try.rax == (uint32_t)SVSM_ERR_BUSY)
			continue;
		*regs = try;
		return (uint32_t)try.rax;
	}
	return (uint32_t)SVSM_ERR_BUSY;
}

uint32_t svsm_call1(uint32_t call, uint64_t rcx)
{
	struct svsm_regs regs = { .rcx = rcx };

	return svsm_call(0, call, &regs);
}

uint64_t pvalidate_entry(uint64_t gpa, bool large, bool validate,
			 bool ignore_cf)
{
	return gpa | (large ? SVSM_PVALIDATE_2M : SVSM_PVALIDATE_4K) |
	       (validate ? SVSM_PVALIDATE_VALIDATE : 0) |
	       (ignore_cf ? SVSM_PVALIDATE_IGNORE_CF : 0);
}

uint32_t pvalidate_list(unsigned int number, struct page_list *list,
			uint16_t entries)
{
	struct svsm_regs regs = { .rcx = (uint64_t)list };

	list->header = (struct svsm_list){ .entries = entries };
	return svsm_call(number, SVSM_CORE_PVALIDATE, &regs);
}

void svsm_pvalidate_one(uint64_t gpa)
{
	one_page.entry[0] = pvalidate_entry(gpa, false, false, false);
	if (pvalidate_list(0, &one_page, 1) != SVSM_SUCCESS)
		for (;;)
			ghcb_msr_call(GHCB_MSR_TERMINATE);
}

static struct vmsa_seg segment(uint16_t selector, uint16_t attr)
{
	return (struct vmsa_seg){ selector, attr, 0xffffffffu, 0 };
}

void vmsa_fill(struct vmsa *vmsa, unsigned int number, uint64_t stack_top)
{
	memset(vmsa, 0, sizeof(*vmsa));
	vmsa->cs = segment(LINUX_BOOT_CS, SEG_CODE64);
	vmsa->ds = segment(LINUX_BOOT_DS, SEG_DATA32);
	vmsa->es = vmsa->ss = vmsa->fs = vmsa->gs = vmsa->ds;
	vmsa->ldtr = (struct vmsa_seg){ 0, SEG_LDT, 0xffff, 0 };
	vmsa->tr = (struct vmsa_seg){ 0, SEG_TSS_BUSY, 0xffff, 0 };
	vmsa->gdtr = (struct vmsa_seg){ 0, 0, 31, machine_gdt() };
	vmsa->vmpl = secrets->svsm_guest_vmpl;
	vmsa->efer = EFER_SVME | EFER_LME | EFER_LMA | EFER_NXE;
	vmsa->cr0 = CR0_PE | CR0_ET | CR0_PG;
	vmsa->cr3 = hw_cr3_read();
	vmsa->cr4 = CR4_PAE;
	vmsa->dr6 = DR6_RESET;
	vmsa->dr7 = DR7_RESET;
	vmsa->rflags = RFLAGS_ONE;
	vmsa->rip = (uint64_t)vcpu_start;
	vmsa->rsp = stack_top;
	vmsa->rdi = number;
	vmsa->g_pat = PAT_RESET;
	vmsa->xcr0 = XCR0_X87;
	vmsa->mxcsr = 0x1f80;
	vmsa->x87_fcw = 0x37f;
	vmsa->sev_features = hw_rdmsr(MSR_SEV_STATUS) >> 2;
}

uint32_t vcpu_create(uint64_t vmsa, uint64_t ca, uint32_t apic_id)
{
	struct svsm_regs regs = { .rcx = vmsa, .rdx = ca, .r8 = apic_id };

	return svsm_call(0, SVSM_CORE_CREATE_VCPU, &regs);
}

void vcpu_room(uint64_t at, unsigned int count)
{
	struct guest_vcpu first = guest_vcpu[0];

	stack_of = (void *)at;
	area_of = (void *)(stack_of + count);
	vmsa_of = (void *)(area_of + count);
	guest_vcpu = (void *)(vmsa_of + count);
	guest_vcpu[0] = first;
}

void vcpu_entry(unsigned int number)
{
	struct guest_vcpu *v = &guest_vcpu[number];

	trap_init();
	v->alive = 1;
	v->run(number);
	__atomic_store_n(&v->done, 1, __ATOMIC_RELEASE);
}

bool vcpu_make_at(unsigned int number, void (*run)(unsigned int number),
		  uint64_t ca)
{
	struct guest_vcpu *v = &guest_vcpu[number];

	v->ca = (volatile struct svsm_ca *)ca;
	v->run = run;
	v->alive = v->done = 0;
	vmsa_fill(&vmsa_of[number], number,
		  (uint64_t)stack_of[number] + STACK_SIZE);
	return vcpu_create(vcpu_vmsa(number), ca, number) == SVSM_SUCCESS;
}

bool vcpu_make(unsigned int number, void (*run)(unsigned int number))
{
	return vcpu_make_at(number, run, (uint64_t)area_of[number]);
}

bool vcpu_go(unsigned int number)
{
	uint64_t vmsa = vcpu_vmsa(number);
	uint64_t info1 = (uint64_t)number << AP_APIC_ID_SHIFT |
			 (uint64_t)secrets->svsm_guest_vmpl << AP_VMPL_SHIFT |
			 AP_CREATE;

	return ghcb_event(GHCB_NAE_AP_CREATION, info1, &vmsa,
			  hw_rdmsr(MSR_SEV_STATUS) >> 2) == GHCB_RESULT_OK;
}

bool vcpu_launch(unsigned int number, void (*run)(unsigned int number))
{
	return vcpu_make(number, run) && vcpu_go(number);
}

bool vcpu_remove(unsigned int number)
{
	uint64_t none = 0;
	uint64_t info1 = (uint64_t)number << AP_APIC_ID_SHIFT |
			 (uint64_t)secrets->svsm_guest_vmpl << AP_VMPL_SHIFT |
			 AP_DESTROY;

	uint32_t r = IN_USE, tries;

	if (ghcb_event(GHCB_NAE_AP_CREATION, info1, &none, 0) !=
	    GHCB_RESULT_OK) {
		print("vCPU %u: the host does not destroy it\n", number);
		return false;
	}
	/* The host may take its time to stop a vCPU that it was told to. */
	for (tries = 0; tries < 10000; tries++) {
		r = svsm_call1(SVSM_CORE_DELETE_VCPU, vcpu_vmsa(number));
		if (r != IN_USE)
			break;
	}
	if (r != SVSM_SUCCESS) {
		print("vCPU %u: DELETE_VCPU 0x%x\n", number, r);
		return false;
	}
	return true;
}

bool vcpu_relaunch(unsigned int number, void (*run)(unsigned int number))
{
	return vcpu_remove(number) && vcpu_launch(number, run);
}

bool vcpu_wait(unsigned int number)
{
	uint32_t spins;

	for (spins = 0; spins < WAIT_SPINS; spins++) {
		if (__atomic_load_n(&guest_vcpu[number].done, __ATOMIC_ACQUIRE))
			return true;
		hw_pause();
	}
	return false;
}

uint64_t vcpu_vmsa(unsigned int number)
{
	return (uint64_t)&vmsa_of[number];
}

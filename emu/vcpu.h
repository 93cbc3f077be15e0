/* SPDX-License-Identifier: MIT */
/*
 * One virtual CPU. It runs on the processor of its number and nowhere else.
 * All fields belong to the holder of the big lock except gpr, vmcb and the
 * meters' stamps while the guest runs, and in_guest, which is atomic.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi/snp/ghcb_msr.h"
#include "abi/snp/vmsa.h"
#include "abi/x86/event.h"
#include "abi/x86/svm.h"
#include "emu/borrow.h"
#include "emu/lapic.h"
#include "emu/machine.h"

/* Register numbers as the machine encodes them: index of gpr[]. */
enum vcpu_gpr {
	RAX,
	RCX,
	RDX,
	RBX,
	RSP,
	RBP,
	RSI,
	RDI,
	R8,
	R9,
	R10,
	R11,
	R12,
	R13,
	R14,
	R15,
};

enum vcpu_state {
	VCPU_OFF, /* never started, or destroyed: waits for AP creation */
	VCPU_RUNNING,
	VCPU_HALTED, /* HLT at VMPL0: waits for attention */
};

/* What INVLPGB has named so far, for TLBSYNC. */
enum vcpu_flush {
	VCPU_FLUSH_NONE,
	VCPU_FLUSH_RANGE, /* of addresses of the level that flushes */
	VCPU_FLUSH_ALL,
};

/* Attention bits: to be looked at before the next VMRUN (vmpl_attention). */
#define ATTENTION_START (1u << 0) /* run level next_vmpl now */
#define ATTENTION_HV	(1u << 1) /* an #HV is due at VMPL0 (doorbell.c) */
#define ATTENTION_STOP	(1u << 2) /* AP destroyed: the running level ends */
#define ATTENTION_OTHER (1u << 3)

/* legacy XSAVE region, header, AVX, and PKRU at offset 2688 */
#define VCPU_XSAVE_BYTES 4096u

/* What of int_ctl is a level's own: an interrupt that was being delivered when
 * another level had to run must not get lost. */
#define LEVEL_INT_CTL (V_TPR_MASK | V_IRQ | V_IGN_TPR)

/*
 * A VMPL of one vCPU. While it does not run, the VMSA page is the truth; while
 * it runs, gpr, vmcb and the processor's own FPU and debug registers are.
 */
struct vcpu_level {
	bool present; /* has a VMSA that may be run */
	uint64_t vmsa_gpa;
	struct vmsa *vmsa; /* in guest memory, or ours for the launch VMSA */
	uint64_t ghcb_msr;
	uint64_t ghcb_gpa;     /* registered; ~0 none */
	uint64_t doorbell_gpa; /* ~0 none */
	uint32_t int_ctl;      /* LEVEL_INT_CTL */
	uint32_t int_vector;   /* the one that V_IRQ stands for */
	uint64_t sev_features; /* copy taken when the VMSA was accepted */
	uint64_t xcr0;
	uint64_t dr[4];
	bool x2apic; /* the level switched its APIC to x2APIC mode (apic.c) */
	bool pcide, noflush; /* CR4.PCIDE; it has used CR3's bit 63 (pcid.c) */
	uint8_t xsave[VCPU_XSAVE_BYTES] __attribute__((aligned(64)));
};

struct vcpu {
	/* run.S knows the offsets of these. gpr[RAX], gpr[RSP] are valid between
	 * exits like the others: run.S copies them from and to the VMCB. */
	uint64_t gpr[16];
	struct vmcb *vmcb;
	uint64_t vmcb_pa;
	uint64_t tsc_enter, tsc_exit;

	_Atomic uint32_t in_guest; /* 1 from just before VMRUN to after exit */
	uint32_t index;		   /* == APIC ID, == processor */
	uint32_t vmpl;		   /* level that runs, or ran last */
	enum vcpu_state state;
	uint32_t attention; /* ATTENTION_* */
	uint32_t next_vmpl; /* for ATTENTION_START */
	bool kicked;  /* an NMI of ours is under way to the running guest */
	bool waiting; /* sleeps in smp_idle, nobody woke it so far */
	bool unpaged; /* CR0.PG = 0: every access to RAM is private */
	bool saved;   /* VMCB holds FS, GS, TR, LDTR, syscall MSRs (vmcb.h) */
	bool load;    /* they were changed: VMLOAD before VMRUN */
	enum vcpu_flush flush_pending; /* INVLPGB without TLBSYNC so far */
	uint64_t flushed; /* shootdown_count() at the last full flush */
	bool live; /* level vmpl's registers are in gpr and VMCB (vmpl.c) */
	uint64_t live_gpa;  /* VMSA they came from; its page is in use */
	bool start_pending; /* level next_vmpl runs once VMPL0 halts (ap.c) */
	bool hv_waiting;    /* an #HV waits until VMPL0 runs (doorbell.c) */
	bool hv_nmi;	    /* as hv_vectors */
	uint64_t hv_vectors[4]; /* not yet in the doorbell page */
	struct lapic lapic;	/* VMPL0's own (timer.c) */
	struct borrow borrow;	/* this processor's APIC timer, lent to it */
	bool window;		/* VMPL0 exits once it takes interrupts */
	bool offered;		/* one of lapic is to be taken in this run */
	bool nmi_below;		/* an NMI came while VMPL0 ran: the guest's */
	uint64_t instructions[MACHINE_VMPLS]; /* TSC ticks inside the guest */
	uint64_t flushes[GHCB_MSR_FLUSHES_KINDS]; /* by VMPL0: flushes.c */
	uint64_t vc_entry;    /* where the last #VC 0x404 went */
	uint32_t soft_length; /* of the INT n that is being delivered */
	uint32_t stale_code;  /* times in a row, see softint.c */
	uint64_t exits;
	struct vcpu_level level[MACHINE_VMPLS];
};

#define VCPU_VMCB      128
#define VCPU_VMCB_PA   136
#define VCPU_TSC_ENTER 144
#define VCPU_TSC_EXIT  152
ABI_AT(struct vcpu, vmcb, VCPU_VMCB);
ABI_AT(struct vcpu, vmcb_pa, VCPU_VMCB_PA);
ABI_AT(struct vcpu, tsc_enter, VCPU_TSC_ENTER);
ABI_AT(struct vcpu, tsc_exit, VCPU_TSC_EXIT);

static inline struct vcpu_level *vcpu_level(struct vcpu *c)
{
	return &c->level[c->vmpl];
}

/* Allocates and clears vCPU @index; no level is present. */
struct vcpu *vcpu_create(uint32_t index);

/*
 * The run loop of one processor. The lock is taken inside. While attention is
 * set, vmpl_attention() is called, HALTED having become RUNNING before; it must
 * clear the bits, and takes c->state from OFF to RUNNING (or back).
 */
__attribute__((noreturn)) void vcpu_run(struct vcpu *c);

/* SPDX-License-Identifier: MIT */
/*
 * The guest's virtual CPUs: which page is the save area (VMSA), which the
 * calling area (CAA), of which processor. Both are mapped for good in that
 * CPU's area, so that serving a call walks no table and takes no lock.
 *
 * One processor may own several save areas: guests that restart a CPU create
 * the new one before they delete the old one, and firmware leaves behind one
 * of each of its two phases. An unused slot's window shows a zero page, whose
 * EFER.SVME can never be claimed.
 *
 * Registered guest pages are pinned (kernel/mm/guestpage): no call can rescind
 * them. A slot is changed under the registry's lock alone, which is above
 * pvalid's locks; a CPU's own window may change under it at any time, but
 * never while the slot's save area is claimed.
 */
#pragma once

#include <stdbool.h>

#include "abi/snp/vmsa.h"
#include "abi/svsm/call.h"
#include "kernel/base/percpu.h"
#include "kernel/mm/guestmem.h"
#include "lib/addr.h"

#define VCPU_SLOTS 4u

struct vcpu_slot {
	struct pa vmsa; /* 0 = unused */
	struct pa caa;
	bool ours; /* the boot vCPU's save area: our page, never deleted */
};

struct vcpu {
	/* For the hot path; windows in the CPU's area, set once. */
	struct vmsa *vmsa[VCPU_SLOTS];
	struct svsm_ca *ca[VCPU_SLOTS];
	uint32_t live; /* slots in use; atomic */
	uint32_t apic_id;
	uint32_t cpu; /* index of its per-CPU area */
	struct vcpu_slot slot[VCPU_SLOTS];
	uint64_t *list; /* 4 KiB of our own for copies of the guest's lists */
};

/* Proof that the registry's lock is held. Made by vcpu_lock() alone. */
struct vcpu_held {
	struct vcpu *first;
};

/* Room for the CPUs with these APIC ids, ids[1] and on ascending, at most
 * CPU_AREA_MAX; once. ERR_NOMEM. */
must_check enum err vcpu_init(const uint32_t *ids, uint32_t count);

/* Takes the windows and buffer of the CPU's vCPU, and links the two. */
must_check enum err vcpu_attach(struct percpu *cpu);

struct vcpu_held vcpu_lock(void);
void vcpu_unlock(struct vcpu_held held);

/* The vCPU of a processor that is online, or NULL. Ten steps with 1024. */
struct vcpu *vcpu_find(struct vcpu_held held, uint32_t apic_id);

/* The vCPU and slot that own a save area; any address may come. Takes the
 * same time with 1024 vCPUs as with one. ERR_ABSENT. */
must_check enum err vcpu_find_vmsa(struct vcpu_held held, struct pa vmsa,
				   struct vcpu **vcpu, unsigned int *slot);

/* ERR_BUSY: both slots are in use. */
must_check enum err vcpu_slot_free(struct vcpu_held held,
				   const struct vcpu *vcpu, unsigned int *slot);

/*
 * Registers a sealed save area with a calling area that is pinned by
 * vcpu_caa_take. The caller flushes TLBs on all CPUs before the vCPU can run.
 */
void vcpu_slot_set(struct vcpu_held held, struct vcpu *vcpu, unsigned int slot,
		   struct vcpu_slot to);

/* Takes both windows away; the pages stay pinned, see vcpu_caa_give. The
 * caller flushes TLBs on all CPUs before the guest gets the page back. */
void vcpu_slot_clear(struct vcpu_held held, struct vcpu *vcpu,
		     unsigned int slot);

/*
 * Pins a page as calling area and clears its first 8 bytes. If it is the
 * calling area of a slot of @sharer (may be NULL), both will use it.
 * ERR_RANGE: not guest memory, not validated, or in use; ERR_NOMEM: one page
 * more of ours is needed. Then nothing was written.
 */
must_check enum err vcpu_caa_take(struct vcpu_held held,
				  const struct vcpu *sharer, struct pa caa);

/* Unpins it unless a slot of @vcpu still uses it. */
void vcpu_caa_give(struct vcpu_held held, const struct vcpu *vcpu,
		   struct pa caa);

/* Own CPU alone: moves a slot to a calling area taken before (or to its own,
 * which changes nothing); gives back the old one. */
void vcpu_caa_move(struct vcpu_held held, struct vcpu *vcpu, unsigned int slot,
		   struct pa caa);

/* What the boot vCPU's calling areas say in MEM_AVAILABLE; neither 0 nor 1
 * after one of them changed. Changes under the registry's lock; may be read
 * without it, as a hint. */
extern uint8_t vcpu_offer_told;
void vcpu_offer_set(struct vcpu_held held, uint8_t offer);

static inline bool vcpu_live(const struct vcpu *vcpu)
{
	return __atomic_load_n(&vcpu->live, __ATOMIC_ACQUIRE) != 0;
}

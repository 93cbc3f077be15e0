/* SPDX-License-Identifier: MIT */
/* The page is shared with the running guest: every access to it is atomic. */
#include "emu/doorbell.h"

#include "abi/snp/doorbell.h"
#include "abi/x86/apic.h"
#include "emu/guestmem.h"
#include "emu/inject.h"
#include "emu/log.h"
#include "emu/smp.h"

#define NOWHERE	      UINT64_MAX
#define ICR_VECTOR    0xffu
#define ICR_MODE      0x700u
#define ICR_SHORTHAND 3u
#define DEST_ALL      0xffffffffu

unsigned int doorbell_call(struct vcpu *c, struct ghcb_call *call)
{
	struct vcpu_level *l = vcpu_level(c);

	switch (call->info1) {
	case DOORBELL_GET_PREFERRED:
		call->out2 = NOWHERE; /* none: the guest chooses */
		return 0;
	case DOORBELL_SET:
		if (!addr_aligned(call->info2, PAGE_4K) ||
		    !guestmem_shared(call->info2, PAGE_4K))
			return GHCB_ERR_INVALID_INPUT;
		l->doorbell_gpa = call->info2;
		call->out2 = call->info2;
		return 0;
	case DOORBELL_QUERY:
		call->out2 = l->doorbell_gpa;
		return 0;
	case DOORBELL_CLEAR:
		l->doorbell_gpa = NOWHERE;
		return 0;
	default:
		return GHCB_ERR_INVALID_INPUT;
	}
}

static struct snp_doorbell *page_of(const struct vcpu *c)
{
	uint64_t gpa = c->level[0].doorbell_gpa;

	return gpa == NOWHERE ? NULL : guestmem_shared(gpa, PAGE_4K);
}

static int highest(const uint64_t vectors[4])
{
	for (int i = 3; i >= 0; i--)
		if (vectors[i])
			return 64 * i + 63 - __builtin_clzll(vectors[i]);
	return -1;
}

bool doorbell_wants(const struct vcpu *c)
{
	return c->hv_nmi || highest(c->hv_vectors) >= 0;
}

/*
 * No APIC stands behind a vector that would want an EOI. But if another one
 * waits, the guest's EOI exit is what tells us that the page is free again.
 */
static void ask_for_eoi(struct snp_doorbell *page, bool ask)
{
	__atomic_store_n(&page->no_eoi_required, ask ? 0 : 1, __ATOMIC_SEQ_CST);
}

static bool put_vector(struct vcpu *c, struct snp_doorbell *page)
{
	int vector = highest(c->hv_vectors);
	uint8_t none = 0;

	if (vector < 0)
		return false;
	/* A vector that is there already is never replaced. */
	if (!__atomic_compare_exchange_n(&page->vector, &none, (uint8_t)vector,
					 false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST)) {
		ask_for_eoi(page, true);
		return false;
	}
	c->hv_vectors[vector / 64] &= ~(1ull << vector % 64);
	ask_for_eoi(page, highest(c->hv_vectors) >= 0);
	return true;
}

/* What waits here goes into the page; true: the guest is to be told. */
static bool fill(struct vcpu *c, struct snp_doorbell *page)
{
	bool put = put_vector(c, page);
	uint8_t flags = DOORBELL_NO_FURTHER_SIGNAL;

	if (c->hv_nmi) {
		c->hv_nmi = false;
		flags |= DOORBELL_NMI;
		put = true;
	}
	if (!put)
		return false;
	return !(__atomic_fetch_or(&page->flags, flags, __ATOMIC_SEQ_CST) &
		 DOORBELL_NO_FURTHER_SIGNAL);
}

void doorbell_attention(struct vcpu *c)
{
	struct snp_doorbell *page = page_of(c);

	if (!page)
		return;
	if (doorbell_wants(c) && fill(c, page))
		c->hv_waiting = true;
	if (!c->hv_waiting || !c->live || c->vmpl != 0)
		return;
	if (!inject_is_free(c))
		return;
	c->hv_waiting = false;
	c->state = VCPU_RUNNING;
	inject_hv(c);
}

static bool destination(const struct vcpu *from, const struct vcpu *t,
			uint64_t icr)
{
	uint32_t dest = (uint32_t)(icr >> 32);

	switch (icr >> ICR_SHORTHAND_SHIFT & ICR_SHORTHAND) {
	case 1:
		return t == from;
	case 2:
		return true;
	case 3:
		return t != from;
	default:
		break;
	}
	if (dest == DEST_ALL)
		return true;
	if (icr & ICR_LOGICAL)
		return dest >> 16 == t->index >> 4 &&
		       (dest >> (t->index & 15) & 1);
	return dest == t->index;
}

static bool is_restricted(const struct vcpu *t)
{
	return t->level[0].sev_features & SEV_FEATURE_RESTRICTED_INJ;
}

static void ring(struct vcpu *t, uint64_t icr)
{
	uint32_t vector = icr & ICR_VECTOR;

	if (!page_of(t))
		return;
	if ((icr & ICR_MODE) == ICR_NMI)
		t->hv_nmi = true;
	else if ((icr & ICR_MODE) == ICR_FIXED && vector >= 31)
		t->hv_vectors[vector / 64] |= 1ull << vector % 64;
	else
		return;
	smp_attention(t, ATTENTION_HV);
}

/* The level below is not disturbed: VMPL0 finds it when it runs. */
static void request(struct vcpu *t, uint8_t vector)
{
	lapic_request(&t->lapic, vector);
	if (t->live && t->vmpl == 0)
		smp_attention(t, ATTENTION_OTHER);
}

bool doorbell_timer(struct vcpu *c, uint8_t vector)
{
	if (!page_of(c))
		return false;
	c->hv_vectors[vector / 64] |= 1ull << vector % 64;
	smp_attention(c, ATTENTION_HV);
	return true;
}

void doorbell_ipi(struct vcpu *c, uint64_t icr)
{
	for (uint32_t i = 0; i < machine.cpus; i++) {
		struct vcpu *t = machine.vcpu[i];

		if (!t || !destination(c, t, icr))
			continue;
		if (is_restricted(t))
			ring(t, icr);
		else if ((icr & ICR_MODE) == ICR_FIXED)
			request(t, icr & ICR_VECTOR);
	}
}

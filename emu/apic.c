/* SPDX-License-Identifier: MIT */
/* A register list for the checks, then the few that differ between the two. */
#include "emu/apic.h"

#include "abi/x86/apic.h"
#include "abi/x86/msr.h"
#include "emu/doorbell.h"
#include "emu/log.h"
#include "emu/smp.h"
#include "emu/timer.h"

#define X2APIC_VERSION 0x00050014u
#define APIC_BASE_FIXED \
	((uint64_t)(APIC_BASE_EN | APIC_BASE_BSP | APIC_BASE_EXTD))
#define ICR_MODE      0x700u
#define ICR_SHORTHAND (3u << ICR_SHORTHAND_SHIFT)
#define ICR_SENT      0x000ccfffull /* everything but the destination */
#define DEST_ALL      0xffffffffu
#define CLUSTER	      16u

#define READ  1u
#define WRITE 2u

/* Register numbers (MSR - 0x800) with their rights. */
static const struct {
	uint8_t first, last, rights;
} registers[] = {
	{ 0x02, 0x03, READ },	      /* id, version */
	{ 0x08, 0x08, READ | WRITE }, /* task priority */
	{ 0x0a, 0x0a, READ },	      /* processor priority */
	{ 0x0b, 0x0b, WRITE },	      /* end of interrupt */
	{ 0x0d, 0x0d, READ },	      /* logical destination */
	{ 0x0f, 0x0f, READ | WRITE }, /* spurious vector */
	{ 0x10, 0x27, READ },	      /* in service, trigger, request */
	{ 0x28, 0x28, READ | WRITE }, /* error status */
	{ 0x2f, 0x30, READ | WRITE }, /* CMCI; interrupt command */
	{ 0x32, 0x38, READ | WRITE }, /* local vectors, initial count */
	{ 0x39, 0x39, READ },	      /* current count */
	{ 0x3e, 0x3e, READ | WRITE }, /* divider */
	{ 0x3f, 0x3f, WRITE },	      /* IPI to itself */
};

static bool may(uint32_t number, uint8_t right)
{
	for (unsigned int i = 0; i < sizeof(registers) / sizeof(registers[0]);
	     i++)
		if (number >= registers[i].first && number <= registers[i].last)
			return registers[i].rights & right;
	return false;
}

/* What has no xAPIC page has its registers in either mode. */
static bool reachable(struct vcpu *c)
{
	return vcpu_level(c)->x2apic || timer_has_own(c);
}

static uint64_t base_read(struct vcpu *c)
{
	return APIC_DEFAULT_BASE | APIC_BASE_EN |
	       (c->index == 0 ? APIC_BASE_BSP : 0) |
	       (vcpu_level(c)->x2apic ? APIC_BASE_EXTD : 0);
}

/* The page cannot be moved: it is the machine's. */
static bool base_write(struct vcpu *c, uint64_t value)
{
	if ((value & ~APIC_BASE_FIXED) != APIC_DEFAULT_BASE)
		return false;
	if ((value & APIC_BASE_EXTD) && !(value & APIC_BASE_EN))
		return false;
	vcpu_level(c)->x2apic = value & APIC_BASE_EXTD;
	return true;
}

static uint32_t logical_id(const struct vcpu *c)
{
	return c->index / CLUSTER << 16 | 1u << c->index % CLUSTER;
}

static void send(uint32_t dest, uint32_t low)
{
	uint32_t high = smp_apic_read(APIC_ICR_HIGH);

	smp_apic_write(APIC_ICR_HIGH, dest << 24);
	smp_apic_write(APIC_ICR_LOW, low);
	smp_apic_write(APIC_ICR_HIGH, high);
}

/* Logical ids of x2APIC mean nothing to the xAPIC: one by one then. */
static void icr_write(uint64_t value)
{
	uint32_t low = value & ICR_SENT;
	uint32_t dest = (uint32_t)(value >> 32);
	uint32_t mode = low & ICR_MODE;

	if (mode == ICR_INIT || mode == ICR_SIPI) {
		/* Vcpus are started by AP creation; this would hit us. */
		log_trace("IPI %x to %x dropped", low, dest);
		return;
	}
	if (!(low & ICR_LOGICAL) || (low & ICR_SHORTHAND) || dest == DEST_ALL) {
		send(dest == DEST_ALL ? 0xff : dest & 0xff,
		     dest == DEST_ALL ? low & ~ICR_LOGICAL : low);
		return;
	}
	for (uint32_t i = 0; i < CLUSTER; i++)
		if (dest >> i & 1)
			send((dest >> 16) * CLUSTER + i, low & ~ICR_LOGICAL);
}

static uint64_t register_read(struct vcpu *c, uint32_t number)
{
	uint64_t icr;
	uint32_t value;

	switch (number + MSR_X2APIC_FIRST) {
	case MSR_X2APIC_ID:
		return c->index;
	case MSR_X2APIC_LDR:
		return logical_id(c);
	case MSR_X2APIC_VERSION:
		return X2APIC_VERSION;
	default:
		break;
	}
	if (timer_has_own(c) && number + MSR_X2APIC_FIRST == MSR_X2APIC_TPR)
		return (c->vmcb->int_ctl & V_TPR_MASK) << 4;
	if (timer_has_own(c))
		return lapic_read(&c->lapic, number, timer_clock(), &value)
			       ? value
			       : 0;
	icr = smp_apic_read(number << 4);
	if (number + MSR_X2APIC_FIRST == MSR_X2APIC_ICR)
		icr |= (uint64_t)(smp_apic_read(APIC_ICR_HIGH) >> 24) << 32;
	return icr;
}

/* False: #GP. */
static bool own_write(struct vcpu *c, uint32_t number, uint64_t value)
{
	switch (number + MSR_X2APIC_FIRST) {
	case MSR_X2APIC_ICR:
		doorbell_ipi(c, value);
		return true;
	case MSR_X2APIC_SELF_IPI:
		doorbell_ipi(c, (value & 0xff) | ICR_SELF);
		return true;
	case MSR_X2APIC_TPR:
		if (value > 0xff)
			return false;
		c->vmcb->int_ctl = (c->vmcb->int_ctl & ~V_TPR_MASK) |
				   (uint32_t)value >> 4;
		return true;
	case MSR_X2APIC_EOI:
	case MSR_X2APIC_SVR:
	case MSR_X2APIC_LVTT:
	case MSR_X2APIC_TMICT:
	case MSR_X2APIC_TDCR:
		return lapic_write(&c->lapic, number, (uint32_t)value,
				   timer_clock());
	default: /* nothing is behind these */
		return true;
	}
}

static void register_write(uint32_t number, uint64_t value)
{
	switch (number + MSR_X2APIC_FIRST) {
	case MSR_X2APIC_ICR:
		icr_write(value);
		return;
	case MSR_X2APIC_SELF_IPI:
		icr_write((value & 0xff) | ICR_SELF);
		return;
	default:
		smp_apic_write(number << 4, (uint32_t)value);
		return;
	}
}

bool apic_msr_read(struct vcpu *c, uint32_t msr, uint64_t *value)
{
	if (msr == MSR_APIC_BASE) {
		*value = base_read(c);
		return true;
	}
	if (!reachable(c) || !may(msr - MSR_X2APIC_FIRST, READ))
		return false;
	*value = register_read(c, msr - MSR_X2APIC_FIRST);
	return true;
}

bool apic_msr_write(struct vcpu *c, uint32_t msr, uint64_t value)
{
	uint32_t number = msr - MSR_X2APIC_FIRST;

	if (msr == MSR_APIC_BASE)
		return base_write(c, value);
	if (!reachable(c) || !may(number, WRITE))
		return false;
	if (value >> 32 && msr != MSR_X2APIC_ICR)
		return false;
	if (timer_has_own(c))
		return own_write(c, number, value);
	register_write(number, value);
	return true;
}

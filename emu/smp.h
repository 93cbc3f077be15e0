/* SPDX-License-Identifier: MIT */
/*
 * Processors: start, the one big lock, waking. Everything outside the guest
 * runs under the lock; it is released only around VMRUN and while idle.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

void smp_lock(void);
void smp_unlock(void);

/* How many processors QEMU has (fw_cfg), 1..MACHINE_CPUS, before they run. */
uint32_t smp_count(void);
/* Starts machine.cpus - 1 processors; they then wait in vcpu_run as VCPU_OFF.
 * Before guest memory is loaded: the trampoline lies in low memory. */
void smp_start(void);

/*
 * Makes @t look at its attention bits soon: ends its guest run by an NMI, or
 * wakes it from idle. Under the lock; @t may be the caller itself (no-op).
 */
void smp_kick(struct vcpu *t);

/* Sets bits and kicks. */
void smp_attention(struct vcpu *t, uint32_t bits);

/* Waits, the lock released meanwhile, until c->state is VCPU_RUNNING or
 * attention is asked for. */
void smp_idle(struct vcpu *c);

/* Lets an NMI that ended the guest's run reach our own handler. */
void smp_take_nmi(void);

/* This processor's own local APIC in xAPIC mode: raw access by offset. */
uint32_t smp_apic_read(uint32_t offset);
void smp_apic_write(uint32_t offset, uint32_t value);
/* Sends an NMI; the guest's own ICR2 value is kept. */
void smp_send_nmi(uint32_t apic_id);

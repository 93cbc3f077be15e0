/* SPDX-License-Identifier: MIT */
/*
 * x2APIC registers for guests, on the xAPIC that QEMU has. VMPL0 above other
 * levels or with restricted injection has an APIC of its own (emu/lapic.h): the
 * real one belongs to the level below, and neither sees the other's registers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

/* MSR_APIC_BASE and MSR_X2APIC_FIRST..LAST. False: #GP. */
bool apic_msr_read(struct vcpu *c, uint32_t msr, uint64_t *value);
bool apic_msr_write(struct vcpu *c, uint32_t msr, uint64_t value);

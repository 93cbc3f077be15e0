/* SPDX-License-Identifier: MIT */
/* The other processors: all started at once, then waited for with a limit. */
#pragma once

#include <stdint.h>

#include "kernel/base/percpu.h"

/*
 * Builds areas and vCPUs for ids[1..count) and starts them (topology_cpus). A processor that
 * gives no sign of life in time is left out for good: the guest cannot use
 * it, whatever it does later. Returns how many are online.
 */
uint32_t smp_start(const uint32_t *ids, uint32_t count);

/* From then on started processors serve guests of this level. */
void smp_release(unsigned int guest_vmpl);

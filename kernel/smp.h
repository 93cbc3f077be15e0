/* SPDX-License-Identifier: MIT */
/* The other processors: all started at once, then waited for with a limit. */
#pragma once

#include <stdint.h>

#include "abi/boot/params.h"
#include "kernel/base/percpu.h"

/*
 * The processors that the host's MADT names, at most params->cpus_max; ours
 * must be among them. Panics on a malformed table. *@ids stays ours: own CPU
 * first, the others ascending. Gives their number.
 */
uint32_t smp_list(const struct params *params, uint32_t own,
		  const uint32_t **ids);

/*
 * Builds areas and vCPUs for ids[1..count) and starts them. A processor that
 * gives no sign of life in time is left out for good: the guest cannot use
 * it, whatever it does later. Returns how many are online.
 */
uint32_t smp_start(const uint32_t *ids, uint32_t count);

/* From then on started processors serve guests of this level. */
void smp_release(unsigned int guest_vmpl);

/* SPDX-License-Identifier: MIT */
/*
 * Starts firmware: its flash image is in the launch already; here it gets the
 * memory that it counts on from its first instruction, and the pages that say
 * where it is. Everything else it accepts by calls. Once, before it runs;
 * panics if the measured parameters make no sense.
 */
#pragma once

#include "abi/boot/params.h"
#include "kernel/base/percpu.h"

static inline bool firmware_is_guest(const struct params *params)
{
	return params->firmware.flash.size != 0;
}

/* After the record of pages is there. */
void firmware_prepare(const struct params *params);

/* This CPU becomes the guest's first of @cpus, at the reset vector. */
void firmware_start(const struct params *params, struct percpu *cpu,
		    uint32_t cpus);

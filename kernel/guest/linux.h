/* SPDX-License-Identifier: MIT */
/*
 * Starts a guest by the Linux 64-bit boot protocol: fills the launch area
 * (abi/boot/params.h) and the first vCPU's save area. Once, before the guest
 * runs; panics if the measured parameters make no sense.
 */
#pragma once

#include "abi/boot/params.h"
#include "kernel/base/percpu.h"
#include "kernel/guest/tables.h"

/* The launch area alone, after xsdt_make. @c_bit as a page-table bit. */
void linux_prepare(const struct params *params, const struct tables *tables,
		   uint64_t c_bit);

/* This CPU becomes the guest's first: its save area is made and registered. */
void linux_start(const struct params *params, struct percpu *cpu,
		 uint64_t c_bit);

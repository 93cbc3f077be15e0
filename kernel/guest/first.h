/* SPDX-License-Identifier: MIT */
/*
 * What the guest's first vCPU needs, however the guest is loaded: its secrets
 * page, its save area, its calling area. Once, before the guest runs.
 */
#pragma once

#include "abi/boot/params.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"

/* Fills a page that is the guest's already. @caa is told to it, below us. */
void first_secrets(const struct params *params, struct pa page, struct pa caa);

/* This CPU becomes the guest's first, in state @start; panics on failure. */
void first_vcpu(struct percpu *cpu, const struct guest_start *start,
		struct pa caa);

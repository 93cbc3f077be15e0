/* SPDX-License-Identifier: MIT */
/*
 * Save areas made known to the host: our own further CPUs (started at once)
 * and the guest's first vCPU (run by guest_run). AMD 56421, 4.1.9.
 */
#pragma once

#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"

/* @cpu has its area, and in vmsa_pa a page of its own. ERR_HOST: refused;
 * ERR_NOMEM: none for its GHCB. */
must_check enum err ap_start(struct percpu *cpu);

must_check enum err ap_guest_start(const struct guest_start *start, void *va,
				   struct pa page);

/* SPDX-License-Identifier: MIT */
/* This CPU's GHCB, from its per-CPU record; page is NULL until it has one. */
#pragma once

#include "kernel/base/percpu.h"
#include "kernel/snp/ghcb.h"

static inline struct ghcb_link link_this(void)
{
	struct percpu *cpu = percpu_this();

	return (struct ghcb_link){ cpu->ghcb, { cpu->ghcb_pa } };
}

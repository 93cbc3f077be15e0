/* SPDX-License-Identifier: MIT */
/* This CPU's GHCB, from its per-CPU record; page is NULL until it has one. */
#pragma once

#include "abi/boot/launch.h"
#include "kernel/base/percpu.h"
#include "kernel/mm/shared.h"
#include "kernel/snp/ghcb.h"

/* The page that this CPU and the host will share. ERR_NOMEM, ERR_HOST. */
must_check static inline enum err link_take(struct percpu *cpu)
{
	struct pa pa;
	enum err e =
		shared_page_take(percpu_page(cpu->index, CPU_PAGE_GHCB), &pa);

	if (e == OK)
		cpu->ghcb_pa = pa.v;
	return e;
}

static inline struct ghcb_link link_this(void)
{
	struct percpu *cpu = percpu_this();

	return (struct ghcb_link){ cpu->ghcb, { cpu->ghcb_pa } };
}

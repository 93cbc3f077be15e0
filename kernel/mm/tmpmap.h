/* SPDX-License-Identifier: MIT */
/*
 * Temporary windows of this CPU onto any page. Windows are given back in
 * reverse order; a window is valid on its own CPU only. Cost: one table
 * write to open, one and INVLPG to close. Running out is a bug: panic.
 */
#pragma once

#include "kernel/base/platform.h"
#include "kernel/mm/kmap.h"
#include "lib/addr.h"

struct tmpmap {
	void *va;
	enum page_size size;
};

/* A 4 KiB page; pa is page-aligned. KMAP_SHARED sees the host's side. */
struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use);

/* A 2 MiB page, private and writable; only one may be open per CPU. */
struct tmpmap tmpmap_2m(struct pa pa);

void tmpmap_drop(struct tmpmap map);

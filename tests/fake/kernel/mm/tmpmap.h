/* SPDX-License-Identifier: MIT */
/* kernel/mm/tmpmap.h for unit tests: windows are the fake machine's memory
 * itself, see tests/fake/mm.h. */
#pragma once

#include "hw/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/mm/kmap.h"
#include "lib/addr.h"

struct tmpmap {
	void *va;
	enum page_size size;
};

struct tmpmap tmpmap_4k(struct pa pa, enum kmap_use use);
struct tmpmap tmpmap_2m(struct pa pa);
struct tmpmap tmpmap_move(struct tmpmap map, struct pa pa);
void tmpmap_drop(struct tmpmap map);

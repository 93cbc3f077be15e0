/* SPDX-License-Identifier: MIT */
/*
 * Nested page tables: a cache of the RMP, filled when the guest faults. Each
 * VMPL has three views: shared (C=0), private (C=1), and unpaged (CR0.PG=0:
 * RAM is private, the rest is not). All under the big lock. Widening rights
 * takes effect by npt_update alone; narrowing needs a shootdown after it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/vcpu.h"

void npt_init(void);

/* Physical address of the root (N_CR3) for a level. */
uint64_t npt_root(uint32_t vmpl, bool unpaged);

/*
 * The RMP entries of [gpa, gpa + pages * 4096) were changed: what the tables
 * say about them is brought into line or dropped. Cheap when nothing is
 * mapped. The caller then does shootdown() if any right was taken away: page
 * to shared, unassigned, invalidated, permissions or VMSA attribute changed.
 */
void npt_update(uint64_t gpa, uint64_t pages);

/*
 * Maps what a fault at @gpa (without C-bit) needs in the current level of @c.
 * @private: C=1 (or unpaged). The caller found the access to be allowed.
 */
void npt_map(struct vcpu *c, uint64_t gpa, bool private);

/* Lets level @vmpl reach private page @gpa through C=0 too: hardware walks page
 * tables and fetches code privately whatever the C-bit says. */
void npt_open_alias(uint32_t vmpl, uint64_t gpa);

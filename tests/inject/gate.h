/* SPDX-License-Identifier: MIT */
/*
 * The n-th allocation fails: pages and small objects are counted alike, from
 * start-up on (oom=N on the command line) or from gate_arm() on.
 */
#pragma once

#include "tests/inject/kernel/mm/gate.h"

#include <stdint.h>

/* The n-th allocation from now on fails; 0: none. for_good: and all later ones. */
void gate_arm(uint64_t n, bool for_good);

/* Allocations tried since gate_arm, or since start-up. */
uint64_t gate_tried(void);

/* Small objects in use. */
int64_t gate_objects(void);

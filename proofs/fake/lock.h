/* SPDX-License-Identifier: MIT */
/* kernel/base/lock.c for proofs of what lies above: to take a lock twice, or
 * to leave one that is not held, is a failure. */
#pragma once

#include <stdint.h>

/* Held now: 0 at the end of every function that the proof calls. */
extern uint32_t proof_locks;

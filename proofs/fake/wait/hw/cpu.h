/* SPDX-License-Identifier: MIT */
/* hw/cpu.h for proofs of what waits: PAUSE is the other CPUs' turn, which the
 * proof plays. `-Iproofs/fake/wait` among a proof's flags. */
#pragma once

#define hw_pause hw_pause_plain
#include "../../hw/cpu.h"
#undef hw_pause

void hw_pause(void);

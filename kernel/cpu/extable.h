/* SPDX-License-Identifier: MIT */
/* Instructions that are allowed to fault, and where to go on when they do. */
#pragma once

#include <stdbool.h>

#include "kernel/cpu/trap.h"

/* Continues at the fix-up of frame->rip; false when it has none. */
bool extable_fix(struct trap_frame *frame);

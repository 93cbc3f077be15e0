/* SPDX-License-Identifier: MIT */
/* The timer of VMPL0's own APIC, which the host plays: it may come late, early
 * or never, so who is interrupted looks at the clock. */
#pragma once

#include <stdint.h>

#include "lib/err.h"

/* See platform_ops.timer_arm. */
must_check enum err timer_arm(uint32_t microseconds);

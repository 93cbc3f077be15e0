/* SPDX-License-Identifier: MIT */
/* Numbers for the instructions of traps.inc. */
#pragma once

enum probe_trap {
#define TRAP(name, vectors) TRAP_OF_##name,
#include "services/probe/traps.inc"
#undef TRAP
	PROBE_TRAP_COUNT
};

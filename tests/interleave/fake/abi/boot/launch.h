/* SPDX-License-Identifier: MIT */
/* abi/boot/launch.h with the CPUs' areas where a host program may have memory. */
#pragma once

/* The real one, past this one of the same name. */
#include "../../../../../abi/boot/launch.h"

#undef CPU_AREAS_VA
#define CPU_AREAS_VA 0x300000000000

/* SPDX-License-Identifier: MIT */
/* An ordinary machine as a platform: no encryption, no host to distrust, and no
 * guest. docs/native.md. */
#pragma once

#include "kernel/base/platform.h"

extern const struct platform_ops platform_native;

/* What this platform keeps in percpu.platform_data. */
enum native_data {
	NATIVE_INTERRUPTS, /* that it took in the kernel */
};

/* The port of QEMU's isa-debug-exit: 0 is said by a power-off elsewhere, so
 * what is written here ends with (value << 1) | 1. */
#define NATIVE_EXIT_PORT 0xf4u

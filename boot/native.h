/* SPDX-License-Identifier: MIT */
/*
 * The boot stage of machines without confidential computing: takes the place
 * of image builder and host, and lays down what they would have given, so that
 * the kernel finds the same parameters wherever it runs.
 */
#pragma once

#include <stdint.h>

/* info: struct pvh_start_info. Called by pvh.S. */
_Noreturn void boot_native(uint64_t info);

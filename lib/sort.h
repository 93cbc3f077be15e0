/* SPDX-License-Identifier: MIT */
/* Sorting in place, without recursion, in time that no order of the input can
 * make long: heap sort. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Ascending; equal values stay, side by side. */
void sort_u32(uint32_t *values, size_t count);

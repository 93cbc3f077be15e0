/* SPDX-License-Identifier: MIT */
/* kernel/mm/heap.h for proofs: the same, for objects of up to 32 bytes, so that
 * a small page (lib/addr.h here) holds some. */
#pragma once

#include "../../../../../kernel/mm/heap.h"

#undef HEAP_SMALL_MAX
#define HEAP_SMALL_MAX 32u

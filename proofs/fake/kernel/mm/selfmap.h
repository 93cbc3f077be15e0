/* SPDX-License-Identifier: MIT */
/* kernel/mm/selfmap.h for proofs: the proof says where an entry is. */
#pragma once

#include <stdint.h>

uint64_t *selfmap_entry(const void *va, unsigned int level);

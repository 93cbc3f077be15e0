/* SPDX-License-Identifier: MIT */
/*
 * The only way to memory of the process that is loaded on this CPU: addresses
 * of ring 3 are checked against its half and copied once; what is not mapped,
 * or not with that right, is an error. SMAP is lifted for the copy alone.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/* ERR_RANGE: not all below USER_END; ERR_ABSENT: a part cannot be read or
 * written. Something may have been copied then. */
must_check enum err usercopy_in(void *to, uint64_t from, uint64_t size);
must_check enum err usercopy_out(uint64_t to, const void *from, uint64_t size);

/* [at, at + size) lies in ring 3's half and does not wrap. */
bool usercopy_range(uint64_t at, uint64_t size);

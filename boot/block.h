/* SPDX-License-Identifier: MIT */
/* The parameter block of a native machine, in pages right behind bss. */
#pragma once

#include "abi/boot/params.h"
#include "boot/pvh.h"

/*
 * Fills the pages at @at, inside the image's 2 MiB; the archive of services is
 * copied behind them. NULL and *out, or what is wrong.
 */
const char *block_make(const struct pvh_told *told, uint64_t at,
		       struct params **out);

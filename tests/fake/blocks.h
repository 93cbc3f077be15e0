/* SPDX-License-Identifier: MIT */
/* Blocks of kernel/ and lib/ code that a scale program has entered; all of
 * them are compiled to say so (scripts/mk/scale.mk). */
#pragma once

#include <stdint.h>

extern uint64_t blocks_entered;

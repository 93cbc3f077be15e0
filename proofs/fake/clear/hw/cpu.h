/* SPDX-License-Identifier: MIT */
/* hw/cpu.h for proofs in which clearing a page is an event, not 512 stores:
 * `-Iproofs/fake/clear` among a proof's flags. */
#pragma once

#define hw_rep_stosq hw_rep_stosq_plain
#include "../../hw/cpu.h"
#undef hw_rep_stosq

/* The proof defines it. */
void hw_rep_stosq(void *to, uint64_t value, uint64_t qwords);

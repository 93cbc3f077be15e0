/* SPDX-License-Identifier: MIT */
/* kernel/mm/page.h for proofs: the same, with a reserve of 2 pages.
 * `-Iproofs/fake/short` among a proof's flags. */
#pragma once

#include "../../../../../kernel/mm/page.h"

#undef PAGE_RESERVE
#define PAGE_RESERVE 2u

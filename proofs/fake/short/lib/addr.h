/* SPDX-License-Identifier: MIT */
/* lib/addr.h for proofs: the same, but a large page holds 4 small ones in
 * place of 512. `-Iproofs/fake/short` among a proof's flags. */
#pragma once

#include "../../../../lib/addr.h"

#undef PAGE_SHIFT_2M
#define PAGE_SHIFT_2M (PAGE_SHIFT_4K + 2)

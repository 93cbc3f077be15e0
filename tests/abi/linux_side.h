/* SPDX-License-Identifier: MIT */
/* Linux's half of uapi.inc, in its order. */
#pragma once

#include "tests/abi/facts.h"

extern const struct fact linux_facts[];
extern const unsigned linux_fact_count;

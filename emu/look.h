/* SPDX-License-Identifier: MIT */
/* What the RMP says of a page (GHCB_MSR_LOOK_REQ): for tests, which compare it
 * with what software believes. */
#pragma once

#include "emu/vcpu.h"

/* The answer to the request in @msr. Big lock held. */
uint64_t look_answer(uint64_t msr);

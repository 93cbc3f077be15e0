/* SPDX-License-Identifier: MIT */
/*
 * Page state changes as a sane host carries them out: RMP, nested tables,
 * content, and every processor's translations. Big lock held.
 */
#pragma once

#include "emu/psc.h"
#include "emu/vcpu.h"

/* One request. False: not RAM, or the RMP refused. */
must_check bool page_state_one(struct vcpu *c, const struct psc_op *op);

/* A whole structure, in order, up to the first failure: SW_EXITINFO2. */
must_check uint64_t page_state_list(struct vcpu *c,
				    volatile struct psc_buffer *buffer);

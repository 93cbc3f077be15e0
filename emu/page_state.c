/* SPDX-License-Identifier: MIT */
/* Mark contents, change the RMP, follow with the tables; shoot down once. */
#include "emu/page_state.h"

#include "emu/attack/attack.h"
#include "emu/guestmem.h"
#include "emu/log.h"
#include "emu/npt.h"
#include "emu/shootdown.h"

/* True if the page really changes sides. */
static bool changes(uint64_t gpa, bool to_private)
{
	return rmp_is_private(&machine.rmp, guestmem_frame(gpa)) != to_private;
}

static uint32_t rmp_change(uint64_t gpa, bool to_private, uint32_t size)
{
	return to_private
		       ? rmp_psc_private(&machine.rmp, guestmem_at(gpa), size)
		       : rmp_psc_shared(&machine.rmp, guestmem_frame(gpa),
					size);
}

/* Pages [first, count) of the request, as single ones or as a whole. */
static bool apply(const struct psc_op *op, bool *changed)
{
	uint64_t gpa = op->gpa.v + op->first * PAGE_4K;
	uint64_t pages = op->count - op->first;
	bool private = op->op == PSC_OP_PRIVATE;
	bool whole = op->large && op->first == 0;
	uint64_t step = whole ? op->count : 1;
	uint32_t size = whole ? RMP_PG_SIZE_2M : RMP_PG_SIZE_4K;

	for (uint64_t i = 0; i < pages; i += step) {
		uint64_t at = gpa + i * PAGE_4K;

		for (uint64_t k = 0; k < step; k++) {
			if (!changes(at + k * PAGE_4K, private))
				continue;
			guestmem_converted(at + k * PAGE_4K, 1);
			*changed = true;
		}
		if (rmp_change(at, private, size) != RMPUPDATE_OK)
			return false;
	}
	return true;
}

static bool change(struct vcpu *c, const struct psc_op *op, bool *changed)
{
	bool done;

	if (attack_on(ATTACK_STATE, c, op->op, (void *)op))
		return true;
	/* Sizes of RMP entries are the host's affair; these two are hints. */
	if (op->op == PSC_OP_PSMASH || op->op == PSC_OP_UNSMASH)
		return true;
	if (op->first >= op->count)
		return true;
	done = guestmem_is_ram(op->gpa.v, op->count * PAGE_4K);
	if (done) {
		done = apply(op, changed);
		/* Not at first use: that may be a device's, which we do not
		 * see, and what it brought must not be spoilt afterwards. */
		if (op->op == PSC_OP_SHARED)
			guestmem_settle(op->gpa.v, op->count);
		npt_update(op->gpa.v, op->count);
	}
	if (!done)
		log_line("page state change of %llx refused",
			 (unsigned long long)op->gpa.v);
	return done;
}

bool page_state_one(struct vcpu *c, const struct psc_op *op)
{
	bool changed = false;
	bool done = change(c, op, &changed);

	/* Either view lost the page: no processor may go on with it. */
	if (changed)
		shootdown(c);
	return done;
}

uint64_t page_state_list(struct vcpu *c, volatile struct psc_buffer *buffer)
{
	struct psc_walk walk;
	struct psc_op op;
	bool changed = false;
	uint64_t result = psc_begin(buffer, &walk);

	while (result == PSC_DONE && psc_more(&walk)) {
		result = psc_entry(&walk, &op);
		if (result == PSC_DONE && !change(c, &op, &changed))
			result = PSC_ERR_GENERIC;
		if (result == PSC_DONE)
			psc_advance(&walk, &op);
	}
	if (changed)
		shootdown(c);
	return result;
}

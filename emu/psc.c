/* SPDX-License-Identifier: MIT */
/* Decoding of page state change requests. */
#include "emu/psc.h"

#include "abi/snp/ghcb_msr.h"

uint64_t psc_begin(volatile struct psc_buffer *buffer, struct psc_walk *w)
{
	w->buffer = buffer;
	w->at = buffer->cur_entry;
	w->end = buffer->end_entry;
	if (w->end >= PSC_MAX_ENTRIES)
		return PSC_ERR_BAD_HEADER;
	return PSC_DONE;
}

bool psc_more(const struct psc_walk *w)
{
	return w->at <= w->end;
}

uint64_t psc_entry(const struct psc_walk *w, struct psc_op *op)
{
	uint64_t entry = w->buffer->entry[w->at];
	unsigned int code = (unsigned int)(entry >> PSC_OP_SHIFT) & 15u;
	bool large = entry & PSC_2M;
	unsigned int count = large ? 512 : 1;

	if (code < PSC_OP_PRIVATE || code > PSC_OP_UNSMASH)
		return PSC_ERR_BAD_ENTRY;
	if (entry & PSC_RESERVED)
		return PSC_ERR_BAD_ENTRY;
	if (large && !addr_aligned(entry & PSC_GFN, PAGE_2M))
		return PSC_ERR_BAD_ENTRY;
	if ((entry & PSC_CUR_PAGE) > count)
		return PSC_ERR_BAD_ENTRY;
	*op = (struct psc_op){
		{ entry & PSC_GFN }, code, large, entry & PSC_CUR_PAGE, count
	};
	return PSC_DONE;
}

void psc_advance(struct psc_walk *w, const struct psc_op *op)
{
	uint64_t entry = op->gpa.v | (uint64_t)op->op << PSC_OP_SHIFT |
			 (op->large ? PSC_2M : 0) | op->count;

	w->buffer->entry[w->at] = entry;
	w->at++;
	w->buffer->cur_entry = (uint16_t)w->at;
}

bool psc_from_msr(uint64_t msr, struct psc_op *op)
{
	uint64_t code = msr >> GHCB_MSR_PSC_OP_SHIFT;

	if (code != PSC_OP_PRIVATE && code != PSC_OP_SHARED)
		return false;
	*op = (struct psc_op){
		{ msr & GHCB_MSR_GPA }, (unsigned int)code, false, 0, 1
	};
	return true;
}

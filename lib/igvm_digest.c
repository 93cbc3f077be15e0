/* SPDX-License-Identifier: MIT */
/* From IGVM directives to the SEV-SNP launch digest. */
#include "lib/igvm_digest.h"

struct measure {
	const struct igvm_digest_rules *rules;
	const struct igvm_digest_watch *watch;
	struct launch_digest *d;
};

static enum err add(const struct measure *m, const struct igvm_item *item,
		    unsigned int type, uint64_t gpa, const uint8_t *page)
{
	enum err e = launch_digest_page(m->d, type, (struct pa){ gpa }, page);

	if (e == OK && m->watch)
		m->watch->page(m->watch->context, item, type,
			       (struct pa){ gpa }, m->d);
	return e;
}

static unsigned int page_type(const struct measure *m,
			      const struct igvm_item *item)
{
	if (item->page.data_type == IGVM_PAGE_TYPE_SECRETS)
		return SNP_PAGE_TYPE_SECRETS;
	if (item->page.data_type != IGVM_PAGE_TYPE_NORMAL)
		return SNP_PAGE_TYPE_CPUID;
	if (item->page.flags & IGVM_PAGE_UNMEASURED)
		return SNP_PAGE_TYPE_UNMEASURED;
	if (!item->data && m->rules->native_zero)
		return SNP_PAGE_TYPE_ZERO;
	return SNP_PAGE_TYPE_NORMAL;
}

/* Every 4 KiB of the range is a page of its own, ascending. */
static enum err add_range(const struct measure *m, const struct igvm_item *item,
			  unsigned int type)
{
	struct pa_range r;
	enum err e = OK;

	if (!igvm_item_range(item, &r))
		return ERR_FORMAT;
	for (uint64_t at = 0; at < r.size && e == OK; at += PAGE_4K)
		e = add(m, item, type, r.start.v + at,
			item->data ? item->data + at : NULL);
	return e;
}

static enum err add_item(const struct measure *m, const struct igvm_item *item)
{
	switch (item->type) {
	case IGVM_VHT_PAGE_DATA:
		/* Shared pages are given to the guest unencrypted. */
		if (item->page.flags & IGVM_PAGE_SHARED)
			return OK;
		return add_range(m, item, page_type(m, item));
	case IGVM_VHT_PARAMETER_INSERT:
		return add_range(m, item, SNP_PAGE_TYPE_UNMEASURED);
	case IGVM_VHT_VP_CONTEXT:
		if (m->rules->vmsa_last)
			return OK;
		return add(m, item, SNP_PAGE_TYPE_VMSA, item->vp_context.gpa,
			   item->data);
	default:
		return OK;
	}
}

/* KVM takes its vCPUs in the order of their index, not of the file. */
static enum err add_vmsas(const struct measure *m, const struct igvm_file *file,
			  uint32_t mask)
{
	uint32_t offsets[IGVM_VP_COUNT_MAX] = { 0 };
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;
	enum err e = OK;

	/* igvm_open made sure that each index occurs once and is in bounds. */
	while (igvm_next(&it, &item))
		if (item.type == IGVM_VHT_VP_CONTEXT && (item.mask & mask))
			offsets[item.vp_context.vp_index] = item.offset;
	for (uint32_t i = 0; i < IGVM_VP_COUNT_MAX && e == OK; i++) {
		it.at = offsets[i];
		if (offsets[i] && igvm_next(&it, &item))
			e = add(m, &item, SNP_PAGE_TYPE_VMSA, SNP_KVM_VMSA_GPA,
				item.data);
	}
	return e;
}

static enum err fail(struct igvm_fault *fault, uint64_t offset,
		     const char *text, enum err e)
{
	*fault = (struct igvm_fault){ offset, text };
	return e;
}

enum err igvm_digest(const struct igvm_file *file,
		     const struct igvm_digest_rules *rules,
		     const struct igvm_digest_watch *watch,
		     struct launch_digest *d, struct igvm_fault *fault)
{
	struct measure m = { rules, watch, d };
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;
	uint32_t mask;

	if (igvm_platform_mask(file, IGVM_PLATFORM_SEV_SNP, &mask) != OK)
		return fail(fault, file->header_offset,
			    "file does not support SEV-SNP", ERR_ABSENT);
	while (igvm_next(&it, &item)) {
		if (!(item.mask & mask) || item.skipped)
			continue;
		if (add_item(&m, &item) != OK)
			return fail(fault, item.offset,
				    "memory cannot be measured", ERR_FORMAT);
	}
	if (rules->vmsa_last && add_vmsas(&m, file, mask) != OK)
		return fail(fault, file->header_offset,
			    "VMSA cannot be measured", ERR_FORMAT);
	return OK;
}

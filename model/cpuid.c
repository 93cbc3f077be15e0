/* SPDX-License-Identifier: MIT */
/* CPUID page: policy check of the firmware and the guest's look-up. */
#include "model/cpuid.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "lib/str.h"

#define XSAVE_BASE     0x240u
#define XSAVE_FEATURES 63u

bool cpuid_is_indexed(uint32_t leaf)
{
	static const uint32_t indexed[] = {
		0x4,  0x7,  0xb,	0xd,	    0xf,	0x10,
		0x12, 0x14, 0x17,	0x18,	    0x1d,	0x1e,
		0x1f, 0x24, 0x8000001d, 0x80000020, 0x80000026,
	};

	for (size_t i = 0; i < sizeof(indexed) / sizeof(indexed[0]); i++)
		if (indexed[i] == leaf)
			return true;
	return false;
}

/* How one register may differ from the machine's. */
enum rule {
	ANY,
	SAME,
	MOST,	/* a number, not above */
	SUBSET, /* feature bits, none added */
};

struct leaf_rule {
	uint32_t leaf, sub;
	uint8_t eax, ebx, ecx, edx;
	/* bits that are the host's or the guest's to set, not features */
	struct cpuid_values free;
};

#define SUB_ANY 0xffffffffu

static const struct leaf_rule leaf_rules[] = {
	{ 0x0, SUB_ANY, MOST, SAME, SAME, SAME, { 0 } },
	{ 0x1,
	  SUB_ANY,
	  SAME,
	  ANY,
	  SUBSET,
	  SUBSET,
	  { .ecx = CPUID_1_ECX_OSXSAVE | CPUID_1_ECX_HYPERVISOR |
		   CPUID_1_ECX_X2APIC | CPUID_1_ECX_TSC_DEADLINE,
	    .edx = 1u << 9 | 1u << 28 } },
	{ 0x7, 0, MOST, SUBSET, SUBSET, SUBSET, { .ecx = CPUID_7_ECX_OSPKE } },
	{ 0x7, 1, SUBSET, SUBSET, SUBSET, SUBSET, { 0 } },
	{ 0xd, 0, SUBSET, ANY, ANY, SUBSET, { 0 } },
	{ 0xd, 1, SUBSET, ANY, SUBSET, SUBSET, { 0 } },
	/* sizes and offsets of state: a lie would overrun a guest's buffer */
	{ 0xd, SUB_ANY, SAME, SAME, SAME, SAME, { 0 } },
	{ 0x80000000, SUB_ANY, MOST, SAME, SAME, SAME, { 0 } },
	{ 0x80000001,
	  SUB_ANY,
	  SAME,
	  ANY,
	  SUBSET,
	  SUBSET,
	  { .ecx = 1u << 22, .edx = 1u << 9 } },
	{ 0x80000008, SUB_ANY, ANY, SUBSET, ANY, ANY, { 0 } },
	/* the C-bit's place is what all of a guest's secrecy hangs on */
	{ 0x8000001f, SUB_ANY, SUBSET, SAME, ANY, ANY, { 0 } },
	{ 0x80000021, SUB_ANY, SUBSET, ANY, ANY, ANY, { 0 } },
};

/* True if it obeys; else *value becomes what would. */
static bool apply(enum rule rule, uint32_t *value, uint32_t machine,
		  uint32_t free)
{
	uint32_t fit = *value;

	if (rule == SAME || (rule == MOST && *value > machine))
		fit = machine;
	else if (rule == SUBSET)
		fit = *value & (machine | free);
	if (fit == *value)
		return true;
	*value = fit;
	return false;
}

static const struct leaf_rule *rule_find(const struct snp_cpuid_fn *fn)
{
	for (size_t i = 0; i < sizeof(leaf_rules) / sizeof(leaf_rules[0]); i++)
		if (leaf_rules[i].leaf == fn->eax_in &&
		    (leaf_rules[i].sub == SUB_ANY ||
		     leaf_rules[i].sub == fn->ecx_in))
			return &leaf_rules[i];
	return NULL;
}

static bool values_fit(struct snp_cpuid_fn *fn,
		       const struct cpuid_machine *machine)
{
	const struct leaf_rule *r = rule_find(fn);
	struct cpuid_values m;
	bool fits;

	if (!r)
		return true; /* nothing in it that security hangs on */
	m = machine->read(machine->ctx, fn->eax_in, fn->ecx_in);
	fits = apply((enum rule)r->eax, &fn->eax, m.eax, r->free.eax);
	fits &= apply((enum rule)r->ebx, &fn->ebx, m.ebx, r->free.ebx);
	fits &= apply((enum rule)r->ecx, &fn->ecx, m.ecx, r->free.ecx);
	fits &= apply((enum rule)r->edx, &fn->edx, m.edx, r->free.edx);
	return fits;
}

static bool same_input(const struct snp_cpuid_fn *a,
		       const struct snp_cpuid_fn *b)
{
	return a->eax_in == b->eax_in && a->ecx_in == b->ecx_in &&
	       a->xcr0_in == b->xcr0_in && a->xss_in == b->xss_in;
}

static bool seen_before(const struct snp_cpuid_page *page, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (same_input(&page->fn[k], &page->fn[i]))
			return true;
	return false;
}

static void remove_entry(struct snp_cpuid_page *page, uint32_t i)
{
	page->count--;
	for (; i < page->count; i++)
		page->fn[i] = page->fn[i + 1];
	page->fn[page->count] = (struct snp_cpuid_fn){ 0 };
}

/* The first fault stays. */
static void note(enum cpuid_verdict *first, uint32_t *where,
		 enum cpuid_verdict fault, uint32_t i)
{
	if (*first != CPUID_FITS)
		return;
	*first = fault;
	*where = i;
}

static bool clear_reserved(struct snp_cpuid_page *page)
{
	bool clean = !page->reserved1 && !page->reserved2;

	page->reserved1 = 0;
	page->reserved2 = 0;
	return clean;
}

enum cpuid_verdict cpuid_page_filter(struct snp_cpuid_page *page,
				     const struct cpuid_machine *machine,
				     uint32_t *where)
{
	enum cpuid_verdict first = CPUID_FITS;

	*where = 0;
	if (page->count > SNP_CPUID_MAX)
		return CPUID_BAD_COUNT;
	if (!clear_reserved(page))
		note(&first, where, CPUID_BAD_RESERVED, 0);
	for (uint32_t i = 0; i < page->count;) {
		/* two answers to one question: which one counts? */
		if (seen_before(page, i)) {
			note(&first, where, CPUID_BAD_ORDER, i);
			remove_entry(page, i);
			continue;
		}
		if (page->fn[i].reserved)
			note(&first, where, CPUID_BAD_RESERVED, i);
		page->fn[i].reserved = 0;
		if (!values_fit(&page->fn[i], machine))
			note(&first, where, CPUID_BAD_VALUE, i);
		i++;
	}
	return first;
}

static bool entry_answers(const struct snp_cpuid_fn *fn, uint32_t leaf,
			  uint32_t sub)
{
	if (fn->eax_in != leaf)
		return false;
	if (cpuid_is_indexed(leaf) && fn->ecx_in != sub)
		return false;
	if (leaf != CPUID_LEAF_XSTATE || sub > 1)
		return true;
	/* sizes of other XCR0 values are computed, never looked up */
	return (fn->xcr0_in == 1 || fn->xcr0_in == 3) && fn->xss_in == 0;
}

enum err cpuid_page_find(const struct snp_cpuid_page *page, uint32_t leaf,
			 uint32_t sub, struct cpuid_values *out)
{
	*out = (struct cpuid_values){ 0 };
	if (page->count > SNP_CPUID_MAX)
		return ERR_FORMAT;
	for (uint32_t i = 0; i < page->count; i++) {
		const struct snp_cpuid_fn *fn = &page->fn[i];

		if (!entry_answers(fn, leaf, sub))
			continue;
		*out = (struct cpuid_values){ fn->eax, fn->ebx, fn->ecx,
					      fn->edx };
		return OK;
	}
	return ERR_ABSENT;
}

/* Grows *size by one state component: EAX is its size, EBX its offset. */
static enum err add_component(const struct snp_cpuid_page *page, uint32_t n,
			      bool compacted, uint64_t *size)
{
	struct cpuid_values v;
	enum err rc = cpuid_page_find(page, CPUID_LEAF_XSTATE, n, &v);
	uint64_t end;

	if (rc != OK)
		return rc;
	end = compacted ? *size + v.eax : (uint64_t)v.ebx + v.eax;
	if (end > *size)
		*size = end;
	return OK;
}

enum err cpuid_xsave_size(const struct snp_cpuid_page *page, uint64_t features,
			  bool compacted, uint32_t *bytes)
{
	uint64_t size = XSAVE_BASE;

	for (uint32_t n = 2; n < XSAVE_FEATURES; n++) {
		enum err rc;

		if (!(features >> n & 1))
			continue;
		rc = add_component(page, n, compacted, &size);
		if (rc != OK)
			return rc;
	}
	if (size > UINT32_MAX)
		return ERR_RANGE;
	*bytes = (uint32_t)size;
	return OK;
}

static uint32_t bit_from(uint32_t word, uint32_t bit, bool on)
{
	return on ? word | bit : word & ~bit;
}

static enum err patch_xstate(const struct snp_cpuid_page *page, uint32_t sub,
			     const struct cpuid_now *now,
			     struct cpuid_values *v)
{
	bool compacted = sub == 1;
	uint64_t features = now->xcr0 | (compacted ? now->xss : 0);

	if (sub > 1)
		return OK;
	/* without XSAVEC and XSAVES, sub-leaf 1 gives no size */
	if (compacted && !(v->eax & 0xa)) {
		v->ebx = 0;
		return OK;
	}
	return cpuid_xsave_size(page, features, compacted, &v->ebx);
}

enum err cpuid_patch(const struct snp_cpuid_page *page, uint32_t leaf,
		     uint32_t sub, const struct cpuid_now *now,
		     struct cpuid_values *v)
{
	switch (leaf) {
	case CPUID_LEAF_FEATURES:
		v->ebx = (v->ebx & 0x00ffffff) | now->apic_id << 24;
		v->ecx = bit_from(v->ecx, CPUID_1_ECX_OSXSAVE,
				  now->cr4 & CR4_OSXSAVE);
		v->edx = bit_from(v->edx, 1u << 9, now->host.edx & 1u << 9);
		break;
	case CPUID_LEAF_STRUCTURED:
		if (sub == 0)
			v->ecx = bit_from(v->ecx, CPUID_7_ECX_OSPKE,
					  now->cr4 & CR4_PKE);
		break;
	case CPUID_LEAF_TOPOLOGY:
		v->edx = now->apic_id;
		break;
	case CPUID_LEAF_XSTATE:
		return patch_xstate(page, sub, now, v);
	case CPUID_LEAF_TOPOLOGY_AMD:
		v->eax = now->host.eax;
		v->ebx = (v->ebx & ~0xffu) | (now->host.ebx & 0xff);
		v->ecx = (v->ecx & ~0xffu) | (now->host.ecx & 0xff);
		break;
	default:
		break;
	}
	return OK;
}

/* SPDX-License-Identifier: MIT */
/* Launch: CPUID pages that the security processor lets through, odd secrets
 * pages, odd numbers of processors. */
#include "abi/igvm.h"
#include "abi/snp/cpuid_page.h"
#include "abi/snp/secrets.h"
#include "abi/x86/cpuid.h"
#include "emu/attack/scenario.h"
#include "lib/str.h"

static struct snp_cpuid_fn *leaf(struct snp_cpuid_page *page, uint32_t number,
				 uint32_t sub)
{
	for (uint32_t i = 0; i < page->count; i++)
		if (page->fn[i].eax_in == number && page->fn[i].ecx_in == sub)
			return &page->fn[i];
	return NULL;
}

static void leave_out(struct snp_cpuid_page *page, struct snp_cpuid_fn *fn)
{
	struct snp_cpuid_fn *last = &page->fn[page->count - 1];

	*fn = *last;
	*last = (struct snp_cpuid_fn){ 0 };
	page->count--;
}

static enum attack_deed empty(const struct attack_event *e)
{
	memset(e->what, 0, sizeof(struct snp_cpuid_page));
	return ATTACK_DONE;
}

/* A leaf is not there. */
static enum attack_deed missing(const struct attack_event *e)
{
	struct snp_cpuid_fn *fn = leaf(e->what, (uint32_t)e->arg, 0);

	if (!fn)
		return ATTACK_NOT;
	leave_out(e->what, fn);
	return ATTACK_DONE;
}

/* All 64 places are taken: the rest by leaves that nobody knows. */
static enum attack_deed full(const struct attack_event *e)
{
	struct snp_cpuid_page *page = e->what;

	for (uint32_t n = 0; page->count < SNP_CPUID_MAX; n++)
		page->fn[page->count++] = (struct snp_cpuid_fn){
			.eax_in = 0x40000100u + n,
			.eax = ~0u,
			.ebx = ~0u,
			.ecx = ~0u,
			.edx = ~0u,
		};
	return ATTACK_DONE;
}

/* No feature at all that may be hidden: fewer is always let through. */
static enum attack_deed poor(const struct attack_event *e)
{
	struct snp_cpuid_fn *one = leaf(e->what, CPUID_LEAF_FEATURES, 0);
	struct snp_cpuid_fn *seven = leaf(e->what, CPUID_LEAF_STRUCTURED, 0);

	if (!one || !seven)
		return ATTACK_NOT;
	one->ecx = one->edx = 0;
	seven->eax = seven->ebx = seven->ecx = seven->edx = 0;
	return ATTACK_DONE;
}

/* SMEP, SMAP and UMIP alone are gone. */
static enum attack_deed unguarded(const struct attack_event *e)
{
	struct snp_cpuid_fn *seven = leaf(e->what, CPUID_LEAF_STRUCTURED, 0);

	if (!seven)
		return ATTACK_NOT;
	seven->ebx &= ~(CPUID_7_EBX_SMEP | CPUID_7_EBX_SMAP);
	seven->ecx &= ~CPUID_7_ECX_UMIP;
	return ATTACK_DONE;
}

static enum attack_deed no_invlpgb(const struct attack_event *e)
{
	struct snp_cpuid_fn *fn = leaf(e->what, CPUID_LEAF_ADDRESS_SIZES, 0);

	if (!fn)
		return ATTACK_NOT;
	fn->ebx &= ~CPUID_88_EBX_INVLPGB;
	return ATTACK_DONE;
}

/* What the rules leave free: sizes of XSAVE areas of 0 or all bytes. */
static enum attack_deed xsave_size(const struct attack_event *e)
{
	struct snp_cpuid_page *page = e->what;
	uint32_t value = (uint32_t)e->arg;

	for (uint32_t sub = 0; sub < 2; sub++) {
		struct snp_cpuid_fn *fn = leaf(page, CPUID_LEAF_XSTATE, sub);

		if (!fn) {
			fn = &page->fn[page->count++];
			fn->eax_in = CPUID_LEAF_XSTATE;
			fn->ecx_in = sub;
		}
		fn->ebx = value;
		if (!sub)
			fn->ecx = value;
	}
	return ATTACK_DONE;
}

/* The TSC's frequency, of which no rule speaks either: none, or 4 THz. */
static enum attack_deed tsc_leaf(const struct attack_event *e)
{
	struct snp_cpuid_page *page = e->what;
	struct snp_cpuid_fn *fn = leaf(page, CPUID_LEAF_TSC, 0);

	if (!fn)
		fn = &page->fn[page->count++];
	fn->eax_in = CPUID_LEAF_TSC;
	fn->eax = 1;
	fn->ebx = (uint32_t)e->arg;
	fn->ecx = (uint32_t)e->arg;
	return ATTACK_DONE;
}

/* Two entries for one leaf, which differ in an input that leaf does not have:
 * the first one that a reader finds is the poorer. */
static enum attack_deed twice(const struct attack_event *e)
{
	struct snp_cpuid_page *page = e->what;
	struct snp_cpuid_fn *fn = leaf(page, CPUID_LEAF_ADDRESS_SIZES, 0);

	if (!fn || page->count >= SNP_CPUID_MAX)
		return ATTACK_NOT;
	page->fn[page->count] = *fn;
	page->fn[page->count++].xcr0_in = 1;
	fn->ebx = 0;
	return ATTACK_DONE;
}

/* More entries than a page has room for: the security processor refuses. */
static enum attack_deed too_many(const struct attack_event *e)
{
	((struct snp_cpuid_page *)e->what)->count = SNP_CPUID_MAX + 1;
	return ATTACK_DONE;
}

/* The C-bit elsewhere: refused there, too. */
static enum attack_deed c_bit(const struct attack_event *e)
{
	struct snp_cpuid_fn *fn = leaf(e->what, CPUID_LEAF_SEV, 0);

	if (!fn)
		return ATTACK_NOT;
	fn->ebx = (fn->ebx & ~CPUID_SEV_EBX_CBIT) | 46;
	return ATTACK_DONE;
}

/*
 * The firmware writes the page; what stands in it of the host's are OSVW and the
 * family of the processor. All that is not a key or the format is set.
 */
static enum attack_deed secrets(const struct attack_event *e)
{
	struct snp_secrets *s = e->what;

	s->flags = ~0u;
	s->fms = ~0u;
	s->reserved1 = ~0u;
	memset(s->gosvw, 0xff, sizeof(s->gosvw));
	memset(s->vmsa_tweak, 0xff, sizeof(s->vmsa_tweak));
	s->tsc_factor = ~0u;
	s->launch_mit_vector = ~0ull;
	return ATTACK_DONE;
}

static enum attack_deed vp_count(const struct attack_event *e)
{
	uint32_t count = (uint32_t)e->arg;

	memcpy(e->what, &count, sizeof(count));
	return ATTACK_DONE;
}

#define PAGE(deed_, arg_)                                                \
	{                                                                \
		.at = ATTACK_CPUID_PAGE, .kind = ATTACK_ANY, .times = 1, \
		.deed = (deed_), .arg = (arg_)                           \
	}
#define COUNT(arg_)                                                \
	{                                                          \
		.at = ATTACK_PARAMETER, .kind = IGVM_VHT_VP_COUNT, \
		.deed = vp_count, .arg = (arg_)                    \
	}

static const struct attack_scenario list[] = {
	{ "page-empty", { PAGE(empty, 0) } },
	{ "page-full", { PAGE(full, 0) } },
	{ "page-poor", { PAGE(poor, 0) } },
	{ "page-unguarded", { PAGE(unguarded, 0) } },
	{ "page-no-sev", { PAGE(missing, CPUID_LEAF_SEV) } },
	{ "page-no-sizes", { PAGE(missing, CPUID_LEAF_ADDRESS_SIZES) } },
	{ "page-no-seven", { PAGE(missing, CPUID_LEAF_STRUCTURED) } },
	{ "page-no-invlpgb", { PAGE(no_invlpgb, 0) } },
	{ "page-twice", { PAGE(twice, 0) } },
	{ "page-too-many", { PAGE(too_many, 0) } },
	{ "page-c-bit", { PAGE(c_bit, 0) } },
	{ "page-xsave-0", { PAGE(xsave_size, 0) } },
	{ "page-xsave-all", { PAGE(xsave_size, 0xffffffff) } },
	{ "page-tsc-0", { PAGE(tsc_leaf, 0) } },
	{ "page-tsc-all", { PAGE(tsc_leaf, 0xffffffff) } },
	{ "secrets-odd",
	  { { .at = ATTACK_SECRETS,
	      .kind = ATTACK_ANY,
	      .times = 1,
	      .deed = secrets } } },
	{ "cpus-none", { COUNT(0) } },
	{ "cpus-fewer", { COUNT(1) } },
	{ "cpus-all", { COUNT(0xffffffff) } },
};

const struct attack_family attack_launch = { list,
					     sizeof(list) / sizeof(list[0]) };

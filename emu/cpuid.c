/* SPDX-License-Identifier: MIT */
/* The policy is a list of bits to hide, then the few leaves we write anew. */
#include "emu/cpuid.h"

#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "lib/bits.h"
#include "lib/str.h"

#define CPUID_MAX_PLAIN	  0xbu /* without XSAVE, leaf 0xD must not exist */
#define CPUID_MAX_XSAVE	  0xdu
#define CPUID_MAX_EXT	  0x80000021u
#define XCR0_SHOWN	  (XCR0_X87 | XCR0_SSE | XCR0_AVX)
#define XSAVE_LEGACY_SIZE 0x240u
#define XSAVEOPT	  (1u << 0)
#define XSAVEC		  (1u << 1)
#define INVLPGB_PAGES	  7u
#define GUEST_PHYS_BITS	  47u

enum cpuid_reg { EAX, EBX, ECX, EDX };

struct hidden {
	uint32_t leaf, subleaf;
	enum cpuid_reg reg;
	uint32_t bits;
};

/* MONITOR, VMX, SMX, PCID stays; TSC deadline needs a timer TCG lacks. */
static const struct hidden always[] = {
	{ 1, 0, ECX, BIT(3) | BIT(5) | BIT(6) | CPUID_1_ECX_TSC_DEADLINE },
	/* SGX; PKU, WAITPKG, LA57, SGX_LC */
	{ 7, 0, EBX, BIT(2) },
	{ 7, 0, ECX,
	  CPUID_7_ECX_PKU | CPUID_7_ECX_OSPKE | BIT(5) | BIT(16) | BIT(30) },
	{ 7, 0, EBX, BIT(14) | BIT(16) | BIT(17) | BIT(21) },
	{ 7, 0, EBX, BIT(26) | BIT(27) | BIT(28) | BIT(30) | BIT(31) },
	{ 7, 0, ECX, BIT(1) | BIT(6) | BIT(11) | BIT(12) | BIT(14) },
	{ 7, 0, EDX, BIT(2) | BIT(3) | BIT(22) | BIT(23) | BIT(24) | BIT(25) },
	{ 7, 1, EAX, BIT(5) | BIT(17) | BIT(21) },
	/* SVM, IBS, SKINIT, LWP, core and NB performance counters, MWAITX */
	{ CPUID_LEAF_EXT_FEATURES, 0, ECX,
	  CPUID_81_ECX_SVM | BIT(10) | BIT(12) | BIT(15) | BIT(23) | BIT(24) |
		  BIT(28) | BIT(29) },
};

/* Everything that lives in XSAVE state, and VEX instructions. */
static const struct hidden without_xsave[] = {
	{ 1, 0, ECX,
	  BIT(12) | CPUID_1_ECX_XSAVE | CPUID_1_ECX_OSXSAVE | CPUID_1_ECX_AVX |
		  CPUID_1_ECX_F16C },
	{ 7, 0, EBX, BIT(5) },
	{ 7, 0, ECX, BIT(9) | BIT(10) },
	{ 7, 1, EAX, BIT(4) | BIT(23) },
	{ CPUID_LEAF_EXT_FEATURES, 0, ECX, BIT(11) | BIT(16) },
};

static struct cpuid_policy policy;

void cpuid_policy_set(const struct cpuid_policy *p)
{
	policy = *p;
}

bool cpuid_shows_xsave(void)
{
	return policy.xsave;
}

static void hide(struct cpuid_regs *r, uint32_t leaf, uint32_t subleaf,
		 const struct hidden *list, unsigned int count)
{
	uint32_t *reg[] = { &r->eax, &r->ebx, &r->ecx, &r->edx };

	for (unsigned int i = 0; i < count; i++)
		if (list[i].leaf == leaf && list[i].subleaf == subleaf)
			*reg[list[i].reg] &= ~list[i].bits;
}

/* Leaves that look at ECX; for the others it is ignored. */
static bool indexed(uint32_t leaf)
{
	return leaf == 4 || leaf == CPUID_LEAF_STRUCTURED ||
	       leaf == CPUID_LEAF_TOPOLOGY || leaf == CPUID_LEAF_XSTATE ||
	       leaf == 0x8000001du;
}

/* Leaves of performance, SVM, cache partitioning and other absent things. */
static bool blank(uint32_t leaf)
{
	if (leaf >= CPUID_LEAF_EXT_MAX)
		return leaf > CPUID_MAX_EXT || leaf == CPUID_LEAF_SVM ||
		       (leaf >= 0x8000000bu && leaf < 0x80000019u) ||
		       leaf == 0x8000001bu || leaf == 0x8000001cu ||
		       leaf > CPUID_LEAF_SEV;
	return leaf > (policy.xsave ? CPUID_MAX_XSAVE : CPUID_MAX_PLAIN) ||
	       leaf == 3 || leaf == 5 || (leaf >= 8 && leaf <= 0xa) ||
	       leaf == 0xc;
}

static struct cpuid_regs features(struct cpuid_regs r)
{
	r.ecx |= CPUID_1_ECX_HYPERVISOR;
	/* What the guest's own CR4 says; the page holds it as off. */
	r.ecx &= ~CPUID_1_ECX_OSXSAVE;
	if (!policy.cx16)
		r.ecx &= ~CPUID_1_ECX_CX16;
	if (policy.x2apic)
		r.ecx |= CPUID_1_ECX_X2APIC;
	else
		r.ecx &= ~CPUID_1_ECX_X2APIC;
	if (policy.pcid)
		r.ecx |= CPUID_1_ECX_PCID;
	else
		r.ecx &= ~CPUID_1_ECX_PCID;
	return r;
}

/* Bytes of the standard form for these state components. */
static uint32_t xsave_size(uint64_t xcr0)
{
	uint32_t size = XSAVE_LEGACY_SIZE;
	struct cpuid_regs avx;

	if (xcr0 & XCR0_AVX) {
		avx = hw_cpuid(CPUID_LEAF_XSTATE, 2);
		if (avx.ebx + avx.eax > size)
			size = avx.ebx + avx.eax;
	}
	return size;
}

static struct cpuid_regs xstate(uint32_t subleaf, uint64_t xcr0)
{
	struct cpuid_regs r = hw_cpuid(CPUID_LEAF_XSTATE, subleaf);
	uint32_t shown = hw_cpuid(CPUID_LEAF_XSTATE, 0).eax & XCR0_SHOWN;

	if (subleaf == 0)
		return (struct cpuid_regs){ shown, xsave_size(xcr0 & shown),
					    xsave_size(shown), 0 };
	if (subleaf == 1)
		return (struct cpuid_regs){ (r.eax & XSAVEOPT) | XSAVEC,
					    xsave_size(xcr0 & shown), 0, 0 };
	return subleaf == 2 ? r : (struct cpuid_regs){ 0, 0, 0, 0 };
}

/* Flushes reach every CPU of this machine by themselves (emu/insn.c). */
static struct cpuid_regs address_sizes(struct cpuid_regs r)
{
	r.eax = GUEST_PHYS_BITS | 48u << 8;
	r.ebx |= CPUID_88_EBX_INVLPGB;
	r.edx = INVLPGB_PAGES;
	return r;
}

static struct cpuid_regs sev_leaf(void)
{
	return (struct cpuid_regs){
		CPUID_SEV_EAX_SEV | CPUID_SEV_EAX_ES | CPUID_SEV_EAX_SNP |
			CPUID_SEV_EAX_VMPL | CPUID_SEV_EAX_RMPQUERY |
			CPUID_SEV_EAX_COHERENT | CPUID_SEV_EAX_RESTRICTED |
			CPUID_SEV_EAX_DEBUG_SWAP,
		CPUID_C_BIT | 1u << CPUID_SEV_EBX_LOST_SHIFT |
			4u << CPUID_SEV_EBX_VMPLS_SHIFT,
		100, 1
	};
}

struct cpuid_regs cpuid_guest(uint32_t leaf, uint32_t subleaf, uint64_t xcr0)
{
	struct cpuid_regs r;

	if (!indexed(leaf))
		subleaf = 0;
	if ((leaf >= 0x20 && leaf < CPUID_LEAF_EXT_MAX) || blank(leaf))
		return (struct cpuid_regs){ 0, 0, 0, 0 };
	if (leaf == CPUID_LEAF_SEV)
		return sev_leaf();
	if (leaf == CPUID_LEAF_XSTATE)
		return xstate(subleaf, xcr0);
	r = hw_cpuid(leaf, subleaf);
	hide(&r, leaf, subleaf, always, sizeof(always) / sizeof(always[0]));
	if (!policy.xsave)
		hide(&r, leaf, subleaf, without_xsave,
		     sizeof(without_xsave) / sizeof(without_xsave[0]));
	if (leaf == CPUID_LEAF_MAX)
		r.eax = policy.xsave ? CPUID_MAX_XSAVE : CPUID_MAX_PLAIN;
	else if (leaf == CPUID_LEAF_FEATURES)
		r = features(r);
	else if (leaf == CPUID_LEAF_EXT_MAX)
		r.eax = CPUID_MAX_EXT;
	else if (leaf == CPUID_LEAF_ADDRESS_SIZES)
		r = address_sizes(r);
	return r;
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

struct cpuid_regs cpuid_processor(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_regs r = hw_cpuid(leaf, subleaf);

	if (leaf == CPUID_LEAF_SEV)
		return sev_leaf();
	if (leaf == CPUID_LEAF_MAX)
		r.eax = most(r.eax, CPUID_MAX_XSAVE);
	else if (leaf == CPUID_LEAF_XSTATE && subleaf == 1)
		r.eax |= XSAVEC;
	else if (leaf == CPUID_LEAF_EXT_MAX)
		r.eax = most(r.eax, CPUID_MAX_EXT);
	else if (leaf == CPUID_LEAF_ADDRESS_SIZES)
		r = address_sizes(r);
	else if (leaf == CPUID_LEAF_FEATURES && policy.pcid)
		r.ecx |= CPUID_1_ECX_PCID;
	return r;
}

static void add(struct snp_cpuid_page *page, uint32_t leaf, uint32_t subleaf)
{
	bool sized = leaf == CPUID_LEAF_XSTATE && subleaf <= 1;
	struct cpuid_regs r = cpuid_guest(leaf, subleaf, XCR0_X87);

	if (page->count >= SNP_CPUID_MAX)
		return;
	page->fn[page->count++] = (struct snp_cpuid_fn){
		.eax_in = leaf,
		.ecx_in = subleaf,
		/* Sizes are for this XCR0; the guest adds up its own. */
		.xcr0_in = sized ? XCR0_X87 : 0,
		.eax = r.eax,
		.ebx = r.ebx,
		.ecx = r.ecx,
		.edx = r.edx,
	};
}

/* Blank leaves are left out: a reader takes what is absent as zeroes. */
static void add_range(struct snp_cpuid_page *page, uint32_t first,
		      uint32_t last)
{
	static const struct {
		uint32_t leaf, count;
	} subleaves[] = { { CPUID_LEAF_STRUCTURED, 2 },
			  { CPUID_LEAF_TOPOLOGY, 2 },
			  { CPUID_LEAF_XSTATE, 3 },
			  { 0x8000001du, 4 } };

	for (uint32_t leaf = first; leaf <= last; leaf++) {
		uint32_t count = 1;

		if (blank(leaf) || leaf == 4)
			continue;
		for (unsigned int i = 0; i < 4; i++)
			if (subleaves[i].leaf == leaf)
				count = subleaves[i].count;
		for (uint32_t s = 0; s < count; s++)
			add(page, leaf, s);
	}
}

void cpuid_page_fill(struct snp_cpuid_page *page)
{
	memset(page, 0, sizeof(*page));
	add_range(page, 0, policy.xsave ? CPUID_MAX_XSAVE : CPUID_MAX_PLAIN);
	add_range(page, CPUID_LEAF_EXT_MAX, CPUID_MAX_EXT);
}

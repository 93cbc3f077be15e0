/* SPDX-License-Identifier: MIT */
/* The CPUID page as the image carries it: leaves without values. */
#include "tools/igvmbuild/cpuid.h"

#include <string.h>

#include "abi/x86/cr.h"

struct leaf {
	uint32_t eax, ecx;
	uint64_t xcr0;
};

/* Leaf D answers by XCR0; the firmware wants the reset value in the request. */
static const struct leaf leaves[] = {
	{ 0x0, 0, 0 },	      { 0x1, 0, 0 },	    { 0x2, 0, 0 },
	{ 0x4, 0, 0 },	      { 0x4, 1, 0 },	    { 0x4, 2, 0 },
	{ 0x4, 3, 0 },	      { 0x7, 0, 0 },	    { 0x7, 1, 0 },
	{ 0xb, 0, 0 },	      { 0xb, 1, 0 },	    { 0xd, 0, XCR0_X87 },
	{ 0xd, 1, XCR0_X87 }, { 0xd, 2, XCR0_X87 }, { 0x80000000, 0, 0 },
	{ 0x80000001, 0, 0 }, { 0x80000002, 0, 0 }, { 0x80000003, 0, 0 },
	{ 0x80000004, 0, 0 }, { 0x80000005, 0, 0 }, { 0x80000006, 0, 0 },
	{ 0x80000007, 0, 0 }, { 0x80000008, 0, 0 }, { 0x8000000a, 0, 0 },
	{ 0x80000019, 0, 0 }, { 0x8000001a, 0, 0 }, { 0x8000001d, 0, 0 },
	{ 0x8000001d, 1, 0 }, { 0x8000001d, 2, 0 }, { 0x8000001d, 3, 0 },
	{ 0x8000001e, 0, 0 }, { 0x8000001f, 0, 0 }, { 0x80000021, 0, 0 },
};

void cpuid_template(struct snp_cpuid_page *out)
{
	const size_t count = sizeof(leaves) / sizeof(leaves[0]);

	_Static_assert(sizeof(leaves) / sizeof(leaves[0]) <= SNP_CPUID_MAX,
		       "the page has room for 64 leaves");
	memset(out, 0, sizeof(*out));
	out->count = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		out->fn[i].eax_in = leaves[i].eax;
		out->fn[i].ecx_in = leaves[i].ecx;
		out->fn[i].xcr0_in = leaves[i].xcr0;
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * The CPUID page: what the security processor lets through at launch, and how
 * a guest reads it. Facts: spec/snp.md 9. The page's bytes are the host's; a
 * caller checks its own copy.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/snp/cpuid_page.h"
#include "lib/err.h"

struct cpuid_values {
	uint32_t eax, ebx, ecx, edx;
};

/* What the real processor answers; @sub counts only for indexed leaves. */
struct cpuid_machine {
	struct cpuid_values (*read)(void *ctx, uint32_t leaf, uint32_t sub);
	void *ctx;
};

enum cpuid_verdict {
	CPUID_FITS = 0,
	CPUID_BAD_COUNT,    /* more than 64: nothing was changed */
	CPUID_BAD_RESERVED, /* a reserved field was not zero: cleared */
	CPUID_BAD_ORDER,    /* an entry is there twice: the later one removed */
	CPUID_BAD_VALUE,    /* beyond the machine: replaced by what it can do */
};

/*
 * All entries against the machine. Anything but FITS is INVALID_PARAM to the
 * host, with the page rewritten to what would be accepted; the first fault is
 * returned and *where is its entry. A rewritten page fits.
 */
enum cpuid_verdict cpuid_page_filter(struct snp_cpuid_page *page,
				     const struct cpuid_machine *machine,
				     uint32_t *where);

/* Does ECX select among several answers of this leaf? */
bool cpuid_is_indexed(uint32_t leaf);

/*
 * A guest's look-up. ERR_ABSENT: no entry; *out is then all zero, which is
 * also AMD's answer. ERR_FORMAT: count is beyond the page. Leaf 0xD sub 0 and
 * 1: the entry with XCR0_IN 1 or 3 and XSS_IN 0; EBX as in the page.
 */
must_check enum err cpuid_page_find(const struct snp_cpuid_page *page,
				    uint32_t leaf, uint32_t sub,
				    struct cpuid_values *out);

/*
 * Bytes of an XSAVE area with the @features (XCR0, for compacted: | XSS).
 * ERR_ABSENT: a feature of them has no entry in leaf 0xD.
 */
must_check enum err cpuid_xsave_size(const struct snp_cpuid_page *page,
				     uint64_t features, bool compacted,
				     uint32_t *bytes);

/* What the guest puts in at run time. */
struct cpuid_now {
	uint64_t cr4, xcr0, xss;
	uint32_t apic_id;
	struct cpuid_values host; /* the host's answer for this leaf */
};

/* @v: from cpuid_page_find. Patches leaves 1, 7, 0xB, 0xD, 0x8000001E. */
must_check enum err cpuid_patch(const struct snp_cpuid_page *page,
				uint32_t leaf, uint32_t sub,
				const struct cpuid_now *now,
				struct cpuid_values *v);

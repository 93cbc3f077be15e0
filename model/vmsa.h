/* SPDX-License-Identifier: MIT */
/*
 * What VMRUN demands of a VMSA's contents, what it writes back on an exit, and
 * the states a vCPU starts in. Facts: spec/snp.md 6 and 7. What it demands of
 * the page is rmp_vmsa_check() (model/rmp.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/snp/vmsa.h"

/* The machine a VMSA is to run on. */
struct vmsa_rules {
	uint32_t vmpls;	   /* implemented levels, 1..4 */
	uint64_t features; /* SEV_FEATURES bits it knows */
	bool allowed_only; /* VMCB 0x138 bit 63: only @allowed may be set */
	uint64_t allowed;
};

/* In the order of the checks. All but OK and BUSY: exit code INVALID (-1). */
enum vmsa_verdict {
	VMSA_OK = 0,
	VMSA_BUSY, /* exit code BUSY (-2): VINTR_CTRL.BUSY is set */
	VMSA_NO_SVME,
	VMSA_NO_SNP, /* SEV_FEATURES[0] is 0 */
	VMSA_FEATURES_RESERVED,
	VMSA_FEATURES_CONFLICT, /* restricted and alternate injection */
	VMSA_FEATURES_NOT_ALLOWED,
	VMSA_BAD_VTOM, /* not 2 MiB aligned, or 63:52 set */
	VMSA_BAD_VMPL,
	VMSA_BAD_CR0,  /* PG without PE, NW without CD, 63:32 */
	VMSA_BAD_EFER, /* LMA is not LME and PG */
	VMSA_BAD_CR4,  /* LME and PG without PAE */
	VMSA_BAD_DR,   /* DR6 or DR7 63:32 */
	VMSA_BAD_RFLAGS,
	VMSA_BAD_CS, /* L and D in long mode */
	VMSA_BAD_RIP,
	VMSA_BAD_CPL, /* not SS.DPL */
};

/* Segment attributes beyond these are not looked at: real firmware leaves TR
 * and LDTR wrong on AP VMSAs. The caller owns the bytes (copy first). */
enum vmsa_verdict vmsa_check(const struct vmsa *vmsa,
			     const struct vmsa_rules *rules);
const char *vmsa_verdict_words(enum vmsa_verdict verdict);

/* May a VMSA lie here? Never at a 2 MiB boundary: a CPU erratum. */
bool vmsa_gpa_fits(uint64_t gpa);

/* What the hardware leaves for a higher VMPL on every automatic exit. */
struct vmsa_exit {
	uint64_t code, info1, info2, intinfo, nrip;
};
void vmsa_exit_record(struct vmsa *vmsa, const struct vmsa_exit *exit);

/*
 * Takes EFER.SVME away (level stops) or sets it (may run). A VMSA that runs
 * has its live EFER in the processor: callers check RMP_IN_USE first.
 */
void vmsa_set_svme(struct vmsa *vmsa, bool runnable);

/* All three write the whole page. @features: SEV_FEATURES. */

/* As KVM makes the boot VMSA; @signature goes to RDX. @fpu: MXCSR and FCW at
 * their reset values (newer hosts), else zero - the launch digest differs. */
void vmsa_reset_boot(struct vmsa *vmsa, uint32_t vmpl, uint64_t features,
		     uint32_t signature, bool fpu);
/* As a guest makes it for INIT and SIPI with @vector. */
void vmsa_reset_sipi(struct vmsa *vmsa, uint32_t vmpl, uint64_t features,
		     uint8_t vector);
/* As an SVSM makes it for firmware: 16-bit code at
 * @reset_vector, e.g. 0xfffffff0. */
void vmsa_reset_firmware(struct vmsa *vmsa, uint32_t vmpl, uint64_t features,
			 uint32_t reset_vector);

/* SPDX-License-Identifier: MIT */
/*
 * The SEV-SNP launch digest that a loader reaches with an IGVM file
 * (spec/igvm.md section 4.1): file order, other platforms' directives skipped.
 */
#pragma once

#include "lib/igvm_read.h"
#include "lib/launch_digest.h"

/* How loaders differ. */
struct igvm_digest_rules {
	bool native_zero; /* pages without data as type ZERO, not as NORMAL */
	bool vmsa_last;	  /* KVM: VMSAs at the end, all at SNP_KVM_VMSA_GPA */
};

/* Told of each page after it was measured; d->ld is the digest with it. */
struct igvm_digest_watch {
	void (*page)(void *context, const struct igvm_item *item,
		     unsigned int type, struct pa gpa,
		     const struct launch_digest *d);
	void *context;
};

/*
 * watch may be NULL. ERR_ABSENT: no SEV-SNP platform in the file. ERR_FORMAT:
 * something cannot be launched; *fault tells (also for ERR_ABSENT).
 */
must_check enum err igvm_digest(const struct igvm_file *file,
				const struct igvm_digest_rules *rules,
				const struct igvm_digest_watch *watch,
				struct launch_digest *d,
				struct igvm_fault *fault);

/* SPDX-License-Identifier: MIT */
/* A plan as the bytes of an IGVM file. */
#pragma once

#include "tools/igvmbuild/plan.h"

struct emit_options {
	uint32_t format_version; /* IGVM_FORMAT_VERSION_* */
	uint64_t policy;	 /* SNP guest policy */
	uint64_t sev_features;	 /* of the boot VMSA */
};

/*
 * The same plan gives the same bytes. The result is read back with lib/igvm_read
 * before it is handed out; *file is owned by the caller (file_free). On an
 * error the reason has been said on stderr.
 */
must_check enum err emit_igvm(const struct plan *plan,
			      const struct emit_options *options,
			      struct file_bytes *file);

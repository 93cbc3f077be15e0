/* SPDX-License-Identifier: MIT */
/* SEV-SNP as a platform. Needs its GHCB page's address in each CPU area. */
#pragma once

#include "kernel/base/platform.h"

extern const struct platform_ops platform_snp;

/* Gives this CPU's GHCB page back to private memory; no event after that. */
void snp_ghcb_drop(void);

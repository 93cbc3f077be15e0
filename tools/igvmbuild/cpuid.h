/* SPDX-License-Identifier: MIT */
/* The CPUID page as the image carries it. */
#pragma once

#include "abi/snp/cpuid_page.h"

/*
 * Names the leaves that the SVSM and Linux ask for, with no values: the loader
 * fills in its machine's and the security processor checks them. Not measured.
 */
void cpuid_template(struct snp_cpuid_page *out);

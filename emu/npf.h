/* SPDX-License-Identifier: MIT */
/*
 * Nested page faults: fill the tables, #VC, or a violation told in words.
 * Order of the checks: spec/snp.md 3 (AMD 24593, 15.36.10).
 */
#pragma once

#include "emu/vcpu.h"

void npf_exit(struct vcpu *c);

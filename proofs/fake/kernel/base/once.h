/* SPDX-License-Identifier: MIT */
/* kernel/base/once.h for proofs: cbmc takes a variable with a section for
 * another one than its declaration without. */
#pragma once

#define sealed

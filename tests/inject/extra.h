/* SPDX-License-Identifier: MIT */
/*
 * The test kernel's protocol, in the range left to vendors. With it a test
 * guest makes the n-th allocation of a later call fail, and counts.
 */
#pragma once

#define EXTRA_PROTOCOL 0x80000c01u

/* RCX = n: the n-th allocation from now on fails; 0: none. RDX = 1: and all
 * after it, until EXTRA_DISARM. */
#define EXTRA_ARM     0u
/* RCX = allocations tried since EXTRA_ARM; none fails from now on. */
#define EXTRA_DISARM  1u
/* RCX = pages taken, RDX = pages free, R8 = small objects in use. */
#define EXTRA_BALANCE 2u
/* RCX = n: all of the SVSM's free pages but n and its reserve are used up. */
#define EXTRA_DRAIN   3u
/* RCX = bytes that this CPU's kernel stack has ever used. */
#define EXTRA_STACK   4u

/* SPDX-License-Identifier: MIT */
/*
 * The test kernel's protocol, in the range left to vendors. With it a test
 * guest makes the n-th allocation of a later call fail, and counts.
 */
#pragma once

#include <stdint.h>

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
/* RCX = a page that holds struct extra_ask and the request's bytes: asks the
 * service, which answers there. A size beyond EXTRA_ASK_ROOM goes to the service
 * as it is, without bytes: Coir's own end themselves then.
 * INCOMPLETE, BUSY: again. INVALID_REQUEST: crashed. EXTRA_GONE: for ever. */
#define EXTRA_ASK     5u

/* RCX = a 2 MiB region, RDX = a page of the guest: a byte for each of the
 * region's 512 pages is written there, RECORD_*. */
#define EXTRA_RECORD 6u

#define RECORD_GUEST  1u /* the guest's memory; else nothing more is known */
#define RECORD_VALID  2u
#define RECORD_PINNED 4u
#define RECORD_OURS   8u /* deposited */

#define EXTRA_GONE     0x80001001u
#define EXTRA_NAME_MAX 16u

struct extra_ask {
	char name[EXTRA_NAME_MAX]; /* of the service, ended by a zero */
	uint32_t op, arg;	   /* op: not 0 */
	uint32_t size;		   /* in: of the request; out: of the answer */
	uint32_t result;
};

#define EXTRA_ASK_ROOM (4096u - (uint32_t)sizeof(struct extra_ask))

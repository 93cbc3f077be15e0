/* SPDX-License-Identifier: MIT */
/*
 * One call through a GHCB page: the request, copied out of shared memory once,
 * and the result on its way back. Pure. AMD 56421, 2.4 and 4.
 */
#pragma once

#include <stdbool.h>

#include "abi/snp/ghcb.h"
#include "lib/err.h"

/* The inputs that events ask for; bits of ghcb_call.given and .set. */
#define GHCB_HAS_CPL	 (1u << 0)
#define GHCB_HAS_RAX	 (1u << 1)
#define GHCB_HAS_RCX	 (1u << 2)
#define GHCB_HAS_RDX	 (1u << 3)
#define GHCB_HAS_RBX	 (1u << 4)
#define GHCB_HAS_SCRATCH (1u << 5)
#define GHCB_HAS_XCR0	 (1u << 6)
#define GHCB_HAS_CALL	 (1u << 7) /* exit code and both infos */

struct ghcb_call {
	volatile struct ghcb *page;
	uint64_t gpa;
	uint64_t code, info1, info2, scratch;
	uint64_t rax, rcx, rdx, rbx, xcr0;
	uint32_t given; /* which of them have their valid bits */
	uint16_t version;
	uint8_t cpl;
	/* The answer; info1 is written as it stands, exception or not. */
	uint64_t out1, out2;
	uint32_t set; /* registers that go back */
};

/*
 * Copies the request; 0, or the GHCB_ERR_* of a page that is no request. The
 * page is the guest's: nothing in it is read a second time.
 */
must_check unsigned int ghcb_call_read(volatile struct ghcb *page, uint64_t gpa,
				       struct ghcb_call *call);

/*
 * Where SW_SCRATCH lies in this GHCB's own buffer: *offset in the page. False:
 * no scratch given, or not `size` bytes in the buffer. Version 1 may use other
 * shared memory: the caller asks ghcb_scratch_elsewhere then.
 */
must_check bool ghcb_scratch_inside(const struct ghcb_call *call, uint64_t size,
				    uint32_t *offset);
bool ghcb_scratch_elsewhere(const struct ghcb_call *call);

/* Clears VALID_BITMAP, writes registers and infos, sets their bits. */
void ghcb_call_finish(struct ghcb_call *call);

/* The three forms of an unsuccessful answer. */
void ghcb_malformed(struct ghcb_call *call, unsigned int error);
void ghcb_raise(struct ghcb_call *call, uint32_t event);

/* SPDX-License-Identifier: MIT */
/* The host's side of the GHCB, asked right and wrong by a guest. */
#pragma once

#include <stdint.h>

#include "abi/snp/ghcb.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"

/* Guest RAM that nothing in the image uses: shared at launch. */
#define SHARED_PAGE 0x11000000ull
#define NO_RAM	    0x7000000000ull

/* Which fields get their valid bits. */
#define GIVE_RAX     (1u << 0)
#define GIVE_RCX     (1u << 1)
#define GIVE_RDX     (1u << 2)
#define GIVE_RBX     (1u << 3)
#define GIVE_CPL     (1u << 4)
#define GIVE_XCR0    (1u << 5)
#define GIVE_SCRATCH (1u << 6)
#define GIVE_CODE    (1u << 7)
#define GIVE_INFO1   (1u << 8)
#define GIVE_INFO2   (1u << 9)
#define GIVE_CALL    (GIVE_CODE | GIVE_INFO1 | GIVE_INFO2)

struct host_call {
	uint64_t code, info1, info2;
	uint64_t rax, rcx, rdx, rbx, xcr0, scratch;
	uint32_t give;
	uint32_t usage;
	uint16_t version; /* 0: 2 */
};

/* The GHCB of these tests: shared, and registered for each call. */
extern struct ghcb host_ghcb;
void host_init(void);

/* Runs the call; SW_EXITINFO1, and *info2. Nothing is changed afterwards. */
uint64_t host_run(const struct host_call *call, uint64_t *info2);
/* The GHCB must be refused with GHCB_ERR_@error. */
void host_malformed(const char *what, const struct host_call *call,
		    uint64_t error);
/* The call must succeed; SW_EXITINFO2 comes back. */
uint64_t host_ok(const char *what, const struct host_call *call);
/* Is the valid bit of the answer's field set? Takes GHCB_BIT(field). */
bool host_returned(unsigned long bit);

void test_msr(void);
void test_form(void);
void test_events(void);
void test_io(void);
void test_mmio(void);
void test_pages(void);
void test_vcpus(void);
void test_hv(void);

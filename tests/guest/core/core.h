/* SPDX-License-Identifier: MIT */
/* The parts of the CORE protocol's test guest, and what they share. */
#pragma once

#include <stdint.h>

#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

/* Guest RAM that nothing in the image uses: not validated at launch. */
#define SCRATCH	       0x10000000ull
/* No RAM of a 512 MiB machine reaches this far. */
#define NO_RAM	       0x7000000000ull
#define ERR(code)      ((uint64_t)(uint32_t)(code))
#define CORE_ERR(code) (ERR(SVSM_ERR_PROTOCOL) + (code))

/* A list page for the boot vCPU's calls. */
extern struct page_list list;

/* Runs a one-entry list on the boot vCPU. */
uint32_t pvalidate_raw(uint64_t entry);

void test_dispatch(void);
void test_pvalidate(void);
void test_pvalidate_large(void);
void test_remap(void);
void test_memory(void);
void test_map(void);
void test_vcpu(void);
void test_vcpu_running(unsigned int cpus);
void test_races(unsigned int cpus);

/* An SVSM that is short of memory, by design: see need.c. */
void test_need(unsigned int left, unsigned int groups);

/* What one vCPU does while others do the same; before and after it. */
void churn_prepare(void);
void churn_run(unsigned int number);
void churn_check(void);

/* SPDX-License-Identifier: MIT */
/*
 * What the memory code of the kernel needs below it, for tests that do not
 * test that: a platform on the fake machine, windows that are the fake RAM
 * itself, and a kmap that maps the validation record alone (tests/fake/mm.c).
 */
#pragma once

#include <setjmp.h>

#include "kernel/base/platform.h"
#include "tests/fake/hw/fake.h"

#define FAKE_GUEST_VMPL 2u

extern const struct platform_ops platform_fake;

/* What the next page_state calls answer; how many pages were asked for. */
extern enum err fake_state_answer;
extern uint64_t fake_state_pages;
/* Windows open now; must be 0 at the end of every test. */
extern unsigned int fake_windows;
/* Times that kmap_page is to succeed before it says ERR_NOMEM. */
extern unsigned int fake_kmap_left;

/* Where panic goes while a test expects one: setjmp(fake_panic). */
extern jmp_buf fake_panic;
extern char fake_console[4096];

/* Shows page pa at va, if va belongs to the validation record's arrays. */
void fake_record_map(void *va, struct pa pa);

void fake_mm_reset(uint64_t ram_size);

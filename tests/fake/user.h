/* SPDX-License-Identifier: MIT */
/*
 * Ring 3 for unit tests: memory of a process is what its page tables in the
 * fake machine say, walked from fake.cr3 with the rights of user mode. The
 * kernel's part of each space is one root page.
 */
#pragma once

#include "kernel/task/task.h"
#include "tests/fake/mm.h"

#define USER_RAM 0x200000ull

/* A machine whose memory is all the kernel's; no space is loaded. */
void user_reset(void);

/* The byte behind va in the loaded space; NULL: ring 3 may not do that. */
void *user_at(uint64_t va, bool write, bool run);

/* An empty process with brk and mmap of heap bytes, its request page, and a
 * data page at 0x10000, text at 0x20000; loaded. */
#define USER_DATA 0x10000ull
#define USER_TEXT 0x20000ull
void user_make(struct task *t, uint64_t heap);

/* Aborts if any page of the loaded space can be written and executed, or is
 * the kernel's, or two entries share one. */
void user_check(const struct task *t);

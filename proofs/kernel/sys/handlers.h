/* SPDX-License-Identifier: MIT */
/*
 * For proofs of kernel/sys/call.c: the task that calls, in any state, and the
 * handlers that a proof is not about, which may refuse.
 */
#pragma once

#include "kernel/sys/call.h"
#include "lib/str.h"
#include "proofs/fake/proof.h"

static struct task t;
static const struct archive_entry image;

void task_stop(struct task *task, const char *format, ...)
{
	(void)format;
	task->state = TASK_STOPPED;
}

#define HANDLER(name)                                   \
	long name(struct task *task, const uint64_t *a) \
	{                                               \
		(void)task;                             \
		(void)a;                                \
		return nondet_bool() ? 0 : SYS_ENOMEM;  \
	}

HANDLER(memory_brk)
HANDLER(memory_mmap)
HANDLER(memory_munmap)
HANDLER(memory_mprotect)
HANDLER(output_write)

static inline void task_any(void)
{
	ANY(t.frame);
	t.image = &image;
	t.state = TASK_RUNS;
	t.op = nondet_u32();
	t.fs_base = any_upto(USER_END - 1);
	t.random_done = nondet_u64();
}

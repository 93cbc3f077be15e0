/* SPDX-License-Identifier: MIT */
/*
 * System calls of services: those of Linux that glibc needs, and Coir's own
 * (abi/sys.h; docs/services.md). One line in the table in call.c each.
 */
#pragma once

#include "kernel/task/task.h"

/* Carries out the call that *t made; its space is loaded. It may be stopped, or
 * wait, after that. */
void call_dispatch(struct task *t);

/* Negative errno values, as Linux has them. */
#define SYS_EPERM  (-1l)
#define SYS_EBADF  (-9l)
#define SYS_ENOMEM (-12l)
#define SYS_EACCES (-13l)
#define SYS_EFAULT (-14l)
#define SYS_EINVAL (-22l)
#define SYS_ENOSYS (-38l)

/* Handlers; a[0] to a[5] are the arguments. */
long memory_brk(struct task *t, const uint64_t *a);
long memory_mmap(struct task *t, const uint64_t *a);
long memory_munmap(struct task *t, const uint64_t *a);
long memory_mprotect(struct task *t, const uint64_t *a);
long output_write(struct task *t, const uint64_t *a);

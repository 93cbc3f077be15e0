/* SPDX-License-Identifier: MIT */
/* Numbers of the system calls that there are (docs/services.md), and errors. */
#pragma once

#include <errno.h>

enum {
	SYS_READ = 0,
	SYS_WRITE = 1,
	SYS_MMAP = 9,
	SYS_MPROTECT = 10,
	SYS_MUNMAP = 11,
	SYS_BRK = 12,
	SYS_GETPID = 39,
	SYS_ARCH_PRCTL = 158,
	SYS_TIME = 201,
	SYS_FUTEX = 202,
	SYS_SET_TID = 218,
	SYS_CLOCK_GETTIME = 228,
	SYS_EXIT_GROUP = 231,
	SYS_GETRANDOM = 318,
};

/* SPDX-License-Identifier: MIT */
/* What the user asked for, checked; every part of coir-vm reads it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tools/common/args.h"

enum vm_accel { VM_TCG, VM_KVM };

struct vm_options {
	const char *file; /* the IGVM image; native: the SVSM's kernel */
	/* No emulated machine: the kernel alone, on QEMU's own processor. */
	bool native;
	const char *services; /* native: their archive; NULL: none */
	const char *append;   /* native: command line; NULL: none */
	uint64_t cpus;
	uint64_t memory; /* the guest's bytes, a multiple of 2 MiB */
	uint64_t nodes;	 /* NUMA nodes; 1: QEMU tells of none */
	enum vm_accel accel;
	/* TCG: a thread of QEMU for each vCPU; false: one, they take turns. */
	bool thread_each;
	const char *qemu;   /* program, looked up in PATH */
	const char *emu;    /* the emulator's flat binary */
	uint64_t timeout;   /* seconds, 0: none */
	const char *serial; /* file of the serial line, NULL: stdio */
	const char *log;    /* file of the emulator's log */
	bool icount;	    /* exact repetition */
	bool interactive;   /* stdin is a terminal */
	struct arg_list
		emu_options; /* words for the emulator, see emu/options.h */
	char **qemu_args;    /* the user's, last, so that they win */
	size_t qemu_arg_count;
};

#define VM_CPUS_MAX   64u
#define VM_NODES_MAX  64u
#define VM_MEMORY_MIN (32ull << 20)

/* Exit statuses of coir-vm itself; 0..63 are the guest's. */
#define VM_EXIT_BAD_FILE    2
#define VM_EXIT_TERMINATED  100 /* the guest asked the host to end it */
#define VM_EXIT_VIOLATION   101 /* it broke a rule of SEV-SNP */
#define VM_EXIT_SHUTDOWN    102 /* triple fault */
#define VM_EXIT_EMULATOR    103 /* the emulator's own failure */
#define VM_EXIT_IDLE	    104 /* every vCPU waits and nothing can wake one */
#define VM_EXIT_TIMEOUT	    124
#define VM_EXIT_NOT_STARTED 125 /* wrong options, or QEMU did not start */
#define VM_EXIT_SIGNAL	    128 /* plus the signal that ended the run */

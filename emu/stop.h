/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine: a line of words to the log, then a status to port
 * 0xf4, from which QEMU exits with 2 * status + 1.
 */
#pragma once

#include <stdint.h>

#include "emu/vcpu.h"

enum stop_status {
	STOP_BAD_IMAGE = 66,   /* the IGVM file is broken */
	STOP_TERMINATED = 100, /* the guest asked for it through the GHCB */
	STOP_VIOLATION = 101,  /* the guest did what SNP forbids */
	STOP_SHUTDOWN = 102,   /* triple fault */
	STOP_EMULATOR = 103,   /* we are wrong, or QEMU is */
	STOP_IDLE = 104,       /* every vCPU waits, and nothing can wake one */
};

/* Words only: bad images, broken worlds. */
__attribute__((noreturn, format(printf, 2, 3))) void
stop_machine(enum stop_status status, const char *format, ...);

/* Words, then where the vCPU stands: RIP, VMPL, registers, code bytes. */
__attribute__((noreturn, format(printf, 3, 4))) void
stop_guest(struct vcpu *c, enum stop_status status, const char *format, ...);

/* The guest's own exit status (0..63), without words. */
__attribute__((noreturn)) void stop_quietly(uint8_t status);

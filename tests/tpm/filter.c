/* SPDX-License-Identifier: MIT */
/*
 * Runs a program that may use no system calls but those of docs/services.md;
 * any other ends it at once. usage: filter [--no-entropy] PROGRAM [ARG...]
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/sys.h"

/* test-sources: */

#define CALLS_MAX 64u

/* Served by the kernel; mmap stands below. */
static const uint32_t allowed[] = {
	SYS_read,	SYS_write,	   SYS_brk,

	SYS_munmap,	SYS_mprotect,	   SYS_arch_prctl,
	SYS_getrandom,	SYS_clock_gettime, SYS_time,
	SYS_futex,	SYS_getpid,	   SYS_set_tid_address,
	SYS_exit_group,
};

/* Tried by the C library, which can do without. */
static const uint32_t absent[] = {
	SYS_set_robust_list, SYS_rseq,	     SYS_prlimit64, SYS_readlink,
	SYS_readlinkat,	     SYS_newfstatat, SYS_lseek,	    SYS_COIR_NEXT,
};

static struct sock_filter code[2 * CALLS_MAX];
static unsigned short length;

static void emit(uint16_t op, uint8_t yes, uint8_t no, uint32_t k)
{
	code[length++] = (struct sock_filter){ op, yes, no, k };
}

static void load(size_t offset)
{
	emit(BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void on_call(uint32_t number, uint32_t action)
{
	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number);
	emit(BPF_RET | BPF_K, 0, 0, action);
}

/* Our own call, and no other: the program's name lies where it lies now. */
static void allow_execve(const char *path)
{
	uint64_t at = (uintptr_t)path;

	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_execve);
	load(offsetof(struct seccomp_data, args[0]));
	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 7, (uint32_t)at);
	load(offsetof(struct seccomp_data, args[0]) + 4);
	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 5, (uint32_t)(at >> 32));
	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
	/* Only anonymous memory: MAP_ANONYMOUS is 0x20. */
	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_mmap);
	load(offsetof(struct seccomp_data, args[3]));
	emit(BPF_JMP | BPF_JSET | BPF_K, 0, 1, 0x20);
	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
}

static void make(const char *path, int entropy)
{
	load(offsetof(struct seccomp_data, arch));
	emit(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AUDIT_ARCH_X86_64);
	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
	load(offsetof(struct seccomp_data, nr));
	if (!entropy)
		on_call(SYS_getrandom, SECCOMP_RET_ERRNO | ENOSYS);
	allow_execve(path);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		on_call(absent[i], SECCOMP_RET_ERRNO | ENOSYS);
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		on_call(allowed[i], SECCOMP_RET_ALLOW);
	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
}

int main(int argc, char **argv)
{
	int entropy = argc < 2 || strcmp(argv[1], "--no-entropy") != 0;
	char **program = argv + (entropy ? 1 : 2);
	struct sock_fprog fprog = { 0, code };
	char *none[] = { NULL };

	if (!program[0])
		return 2;
	make(program[0], entropy);
	fprog.len = length;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog) != 0) {
		perror("filter");
		return 2;
	}
	/* As in ring 3: no environment. */
	execve(program[0], program, none);
	return 127;
}

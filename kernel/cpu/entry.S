/* SPDX-License-Identifier: MIT */
/* The kernel's first instructions, on the first CPU and on the others. */
#include "abi/boot/launch.h"

	.section .text.entry, "ax"
	.globl kernel_entry
kernel_entry:
	/* This code is at the same address in both sets of tables. */
	movq	%rsi, %cr3
	movabsq	$CPU_AREAS_VA + CPU_PAGE_STACK_TOP * 4096, %rsp
	xorl	%ebp, %ebp
	call	kernel_main
	ud2

	.globl cpu_entry
cpu_entry:
	cld
	xorl	%ebp, %ebp
	call	smp_cpu_main
	ud2

	.section .note.GNU-stack, "", @progbits

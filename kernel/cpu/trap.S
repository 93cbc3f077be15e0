/* SPDX-License-Identifier: MIT */
/*
 * One short stub for each exception vector; saves struct trap_frame and
 * calls trap_dispatch. Interrupts are off in the kernel: vectors from 32 on
 * have no gate, so a host that injects one only ends its VM.
 */
#include "abi/x86/trap.h"

/* Vectors for which the processor pushes an error code: DF TS NP SS GP PF AC
 * CP VC SX. */
#define WITH_ERROR 0x60227d00

	.section .text.trap, "ax"
	.balign	16
	.globl trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	TRAP_FIRST_IRQ
	.balign	16
	.if	!((WITH_ERROR >> vector) & 1)
	pushq	$0
	.endif
	pushq	$vector
	jmp	trap_save
	.set	vector, vector + 1
	.endr

	.balign	16
trap_save:
	cld
	pushq	%rax
	pushq	%rbx
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%rbp
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	call	trap_dispatch
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rbp
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rbx
	popq	%rax
	addq	$16, %rsp
	iretq

	.section .note.GNU-stack, "", @progbits

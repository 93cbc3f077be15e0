/* SPDX-License-Identifier: MIT */
/* See leap.h. A trap goes on at leap_back when its frame says so. */
	.text
	.globl	leap, leap_back
leap:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	movq	%rsp, (%rdx)
	movq	%rdi, %rax
	movq	%rsi, %rdi
	call	*%rax
	xorl	%eax, %eax
	jmp	1f
leap_back:
	movl	$1, %eax
1:	addq	$8, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.globl	interrupts_let
interrupts_let:
	sti
	nop
	cli
	ret

	.section .note.GNU-stack, "", @progbits

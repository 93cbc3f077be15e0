/* SPDX-License-Identifier: MIT */
/* stack_switch of explore.c: six registers, then where to return to. */
	.text
	.globl	stack_switch
	.type	stack_switch, @function
stack_switch:
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rsp, (%rdi)
	mov	%rsi, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret
	.size	stack_switch, . - stack_switch

	.section .note.GNU-stack, "", @progbits

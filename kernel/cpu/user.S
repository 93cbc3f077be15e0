/* SPDX-License-Identifier: MIT */
/*
 * Into ring 3 and back, like a call: user_enter returns when anything happens
 * there, with the registers in the caller's frame. Nothing of the kernel's
 * stays on a stack meanwhile but what user_enter itself saved.
 */
#include "kernel/base/offsets.h"

#define KERNEL_GS_BASE 0xc0000102 /* MSR_KERNEL_GS_BASE */

	.section .text.user, "ax"
/* void user_enter(struct trap_frame *frame) */
	.globl	user_enter
user_enter:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	movq	%rsp, %gs:PERCPU_USER_RSP
	pushq	FRAME_SS(%rdi)
	pushq	FRAME_RSP(%rdi)
	pushq	FRAME_RFLAGS(%rdi)
	pushq	FRAME_CS(%rdi)
	pushq	FRAME_RIP(%rdi)
	movq	0(%rdi), %r15
	movq	8(%rdi), %r14
	movq	16(%rdi), %r13
	movq	24(%rdi), %r12
	movq	32(%rdi), %r11
	movq	40(%rdi), %r10
	movq	48(%rdi), %r9
	movq	56(%rdi), %r8
	movq	64(%rdi), %rbp
	movq	80(%rdi), %rsi
	movq	88(%rdi), %rdx
	movq	96(%rdi), %rcx
	movq	104(%rdi), %rbx
	movq	112(%rdi), %rax
	movq	72(%rdi), %rdi
	/* GS base stays the kernel's: ring 3 cannot read it, nor what it points
	 * at, and a trap finds it in order. */
	iretq

/* LSTAR. Interrupts are off; GS and RSP are ring 3's. */
	.balign	16
	.globl	user_syscall
user_syscall:
	swapgs
	movq	%rsp, %gs:PERCPU_USER_SCRATCH
	movq	%gs:PERCPU_USER_RSP, %rsp
	pushq	$GDT_USER_DS
	pushq	%gs:PERCPU_USER_SCRATCH
	pushq	%r11
	pushq	$GDT_USER_CS
	pushq	%rcx
	pushq	$0
	pushq	$TRAP_SYSCALL
	jmp	trap_save

/*
 * From trap_save, on any stack, with the frame of ring 3 on it; RBX = this
 * CPU's record. The frame is copied at once: the stack is free again then.
 */
	.globl	user_left
user_left:
	/* SWAPGS put what ring 3 had in GS there. */
	movl	$KERNEL_GS_BASE, %ecx
	movq	%rbx, %rax
	movq	%rbx, %rdx
	shrq	$32, %rdx
	wrmsr
	movq	%gs:PERCPU_USER_RSP, %rbp
	movq	(%rbp), %rdi
	movq	%rsp, %rsi
	movl	$FRAME_WORDS, %ecx
	rep movsq
	/* IRET, not a jump: it ends the blocking of NMIs that one began. */
	pushq	$GDT_KERNEL_DS
	pushq	%rbp
	pushfq
	pushq	$GDT_KERNEL_CS
	pushq	$user_out
	iretq
user_out:
	popq	%rdi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.section .note.GNU-stack, "", @progbits

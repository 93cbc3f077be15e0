/* SPDX-License-Identifier: MIT */
/*
 * One short stub for each exception vector, one more for all interrupts; saves
 * struct trap_frame. What interrupted the kernel goes to trap_dispatch, what
 * interrupted ring 3 back to who entered it (user.S).
 */
#include "abi/boot/launch.h"
#include "abi/x86/trap.h"
#include "kernel/base/offsets.h"

/* RFLAGS_AC and MSR_GS_BASE, as the assembler reads numbers. */
#define FLAG_AC	 (1 << 18)
#define GS_BASE	 0xc0000101

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
	jmp	trap_enter
	.set	vector, vector + 1
	.endr
	.balign	16
	pushq	$0
	pushq	$TRAP_FIRST_IRQ

/*
 * The host chooses by EVENTINJ whether an error code is pushed, and nobody
 * compares that with the vector: one word more or less, and everything above it
 * is mistaken for its neighbour, RFLAGS or RIP for CS. But every vector has a
 * stack that ends with a page, so where the frame begins tells its form.
 */
trap_enter:
	pushq	%rax
	movl	%esp, %eax
	andl	$4095, %eax
	cmpl	$(4096 - 8 * 8), %eax
	je	trap_save_rest
	cld
	movq	8(%rsp), %rdi
	movq	%rsp, %rax
	andq	$-CPU_AREA_SIZE, %rax
	addq	$CPU_PAGE_SELF * 4096, %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	movl	$GS_BASE, %ecx
	wrmsr
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	trap_forged

	.balign	16
	.globl	trap_save
trap_save:
	pushq	%rax
trap_save_rest:
	cld
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
	/* Ring 3 may have set AC, with which SMAP would be off. */
	pushfq
	andq	$~FLAG_AC, (%rsp)
	popfq
	/*
	 * GS is not to be trusted: at the first instruction of a SYSCALL it is
	 * ring 3's. The stack is: all of the kernel's lie in their CPU's area.
	 */
	movq	%rsp, %rbx
	andq	$-CPU_AREA_SIZE, %rbx
	addq	$CPU_PAGE_SELF * 4096, %rbx
	movl	$GS_BASE, %ecx
	rdmsr
	shlq	$32, %rdx
	leaq	(%rax, %rdx), %r12
	cmpq	%rbx, %r12
	je	1f
	movq	%rbx, %rax
	movq	%rbx, %rdx
	shrq	$32, %rdx
	wrmsr
1:	testb	$3, FRAME_CS(%rsp)
	jnz	user_left
	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	call	trap_dispatch
	cmpq	%rbx, %r12
	je	2f
	movl	$GS_BASE, %ecx
	movq	%r12, %rax
	movq	%r12, %rdx
	shrq	$32, %rdx
	wrmsr
2:	popq	%r15
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

/* SPDX-License-Identifier: MIT */
/* VMRUN, waiting, and the emulator's own exceptions. */

/* offsets of emu/vcpu.h and abi/x86/svm.h, asserted there */
#define GPR(n)		(8 * (n))
#define VMCB		128
#define VMCB_PA		136
#define TSC_ENTER	144
#define TSC_EXIT	152
#define SAVE_RSP	0x5d8
#define SAVE_RAX	0x5f8

	.text
/*
 * void run_guest(struct vcpu *c)
 * The time stamps stand as near to the guest as can be: between the first and
 * VMRUN, and from exit to the second, always the same instructions run.
 */
	.globl	run_guest
run_guest:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
	mov	VMCB(%rdi), %rsi
	mov	GPR(0)(%rdi), %rax
	mov	%rax, SAVE_RAX(%rsi)
	mov	GPR(4)(%rdi), %rax
	mov	%rax, SAVE_RSP(%rsi)
	mov	GPR(1)(%rdi), %rcx
	mov	GPR(3)(%rdi), %rbx
	mov	GPR(5)(%rdi), %rbp
	mov	GPR(6)(%rdi), %rsi
	mov	GPR(8)(%rdi), %r8
	mov	GPR(9)(%rdi), %r9
	mov	GPR(10)(%rdi), %r10
	mov	GPR(11)(%rdi), %r11
	mov	GPR(12)(%rdi), %r12
	mov	GPR(13)(%rdi), %r13
	mov	GPR(14)(%rdi), %r14
	mov	GPR(15)(%rdi), %r15
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	mov	%rax, TSC_ENTER(%rdi)
	mov	VMCB_PA(%rdi), %rax
	mov	GPR(2)(%rdi), %rdx
	mov	GPR(7)(%rdi), %rdi
	vmrun
	push	%rdx
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	mov	8(%rsp), %rdx
	mov	%rax, TSC_EXIT(%rdx)
	pop	GPR(2)(%rdx)
	mov	%rcx, GPR(1)(%rdx)
	mov	%rbx, GPR(3)(%rdx)
	mov	%rbp, GPR(5)(%rdx)
	mov	%rsi, GPR(6)(%rdx)
	mov	%rdi, GPR(7)(%rdx)
	mov	%r8, GPR(8)(%rdx)
	mov	%r9, GPR(9)(%rdx)
	mov	%r10, GPR(10)(%rdx)
	mov	%r11, GPR(11)(%rdx)
	mov	%r12, GPR(12)(%rdx)
	mov	%r13, GPR(13)(%rdx)
	mov	%r14, GPR(14)(%rdx)
	mov	%r15, GPR(15)(%rdx)
	mov	VMCB(%rdx), %rsi
	mov	SAVE_RAX(%rsi), %rax
	mov	%rax, GPR(0)(%rdx)
	mov	SAVE_RSP(%rsi), %rax
	mov	%rax, GPR(4)(%rdx)
	pop	%rdi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

/*
 * void run_wait(void): sleeps until an NMI. Interrupts stay off (IF=0). One
 * that is pending already arrives between STGI and HLT; its handler then
 * steps over the HLT, so no wake-up is lost.
 */
	.globl	run_wait
run_wait:
	stgi
run_wait_hlt:
	hlt
	clgi
	ret

/*
 * uint64_t run_cmpxchg16b(void *at, uint64_t add): RFLAGS after CMPXCHG16B that
 * follows an addition of @add to 1; the exchange may change nothing but ZF. The
 * jump ends a block of QEMU's translator, which then holds "flags of a logical
 * operation" for certain: that is the state a wrong helper looks at.
 */
	.globl	run_cmpxchg16b
run_cmpxchg16b:
	push	%rbx
	mov	%rdi, %r8
	mov	$0x1234567, %edx
	mov	$0x300cf646, %eax
	mov	$1, %r9d
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	jmp	1f
1:	add	%rsi, %r9
	lock cmpxchg16b (%r8)
	pushfq
	pop	%rax
	add	$1, %r9
	pop	%rbx
	ret

	.globl	run_nmi
run_nmi:
	push	%rax
	lea	run_wait_hlt(%rip), %rax
	cmp	%rax, 8(%rsp)
	jne	1f
	incq	8(%rsp)
1:	pop	%rax
	iretq

/* Exceptions of our own: number and error code, then words and the end. */
	.balign	16
	.globl	run_stubs
run_stubs:
	.set	vector, 0
	.rept	32
	.balign	16
	.if	!((vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17))
	push	$0
	.endif
	push	$vector
	jmp	run_trap
	.set	vector, vector + 1
	.endr
run_trap:
	mov	%rsp, %rdi
	cld
	call	smp_trap
1:	hlt
	jmp	1b
	.section .note.GNU-stack, "", @progbits

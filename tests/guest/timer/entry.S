/* SPDX-License-Identifier: MIT */
/* Traps of both levels, the way to ring 3 and back, and what runs there. */
#define USER_CS	0x2b
#define USER_SS	0x23

	.text
	.balign	16
	.globl	stubs
stubs:
	.set	vector, 0
	.rept	256
	.balign	16
	.if !((vector == 8) || (vector >= 10 && vector <= 14) || \
		(vector == 17) || (vector == 21) || (vector == 29) || \
		(vector == 30))
	push	$0
	.endif
	push	$vector
	jmp	trap_entry
	.set	vector, vector + 1
	.endr

trap_entry:
	testb	$3, 24(%rsp)
	jz	1f
	swapgs
1:	push	%rax
	push	%rcx
	push	%rdx
	push	%rbx
	push	%rbp
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rsp, %rdi
	cld
	call	trap_c
	test	%eax, %eax
	jnz	leave_ring3
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rbp
	pop	%rbx
	pop	%rdx
	pop	%rcx
	pop	%rax
	testb	$3, 24(%rsp)
	jz	1f
	swapgs
1:	add	$16, %rsp
	iretq

	.macro	keep
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	pushfq
	mov	%rsp, kept_rsp(%rip)
	.endm

/* void ring3_enter(const struct user_start *s) */
	.globl	ring3_enter
ring3_enter:
	keep
	pushq	$USER_SS
	pushq	8(%rdi)
	pushq	16(%rdi)
	pushq	$USER_CS
	pushq	(%rdi)
	mov	24(%rdi), %rdi
	swapgs
	iretq

/* void kernel_try(void (*run)(uint64_t at), uint64_t at) */
	.globl	kernel_try
kernel_try:
	keep
	mov	%rdi, %rax
	mov	%rsi, %rdi
	call	*%rax
leave_ring3:
	mov	kept_rsp(%rip), %rsp
	popfq
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

/* GS base: 0 the kernel's stack, 8 room for the user's RSP. */
	.globl	syscall_entry
syscall_entry:
	swapgs
	mov	%rsp, %gs:8
	mov	%gs:0, %rsp
	push	%rbx
	push	%r8
	push	%r11
	push	%rcx
	push	%rax
	pushfq
	mov	%rsp, %rdi
	call	syscall_c
	test	%eax, %eax
	jnz	leave_ring3
	popfq
	pop	%rax
	pop	%rcx
	pop	%r11
	pop	%r8
	pop	%rbx
	mov	%gs:8, %rsp
	swapgs
	sysretq

	.globl	low_start
low_start:
	call	low_main
1:	hlt
	jmp	1b

/* The instruction after STI still runs before any interrupt. */
	.globl	irq_on, irq_halt
irq_on:	sti
	nop
	ret
irq_halt:
	sti
	hlt
	cli
	ret

	.globl	xmm_set, xmm_get
xmm_set:
	movq	%rdi, %xmm3
	ret
xmm_get:
	movq	%xmm3, %rax
	ret

	/* Status with condition codes, and without any exception. */
	.globl	x87_set, x87_get
x87_set:
	fninit
	ftst			/* an empty register: sets C3, C2, C0, and flags */
	fnclex
	ret
x87_get:
	xorl	%eax, %eax
	fnstsw	%ax
	ret

	.balign	4096
	.globl	user_text, u_loop, u_ud2, u_read, u_write, u_cli, u_cpuid
	.globl	u_pvalidate, u_rmpadjust, u_rmpquery, u_invlpgb, u_tlbsync
	.globl	u_vmmcall, u_rdmsr, u_in, u_calls, u_jump
	.globl	u_xsavec, u_xrstor
user_text:
u_loop:	incq	(%rdi)
	jmp	u_loop
u_ud2:	ud2
u_read:	mov	(%rdi), %rax
	ud2
u_write:
	movb	$1, (%rdi)
	ud2
u_jump:	jmp	*%rdi
u_cli:	cli
	ud2
u_cpuid:
	mov	$0x77, %eax
	cpuid
	mov	%rbx, %r8
	syscall
	ud2
u_pvalidate:
	mov	%rdi, %rax
	xor	%ecx, %ecx
	mov	$1, %edx
	.byte	0xf2, 0x0f, 0x01, 0xff
	ud2
u_rmpadjust:
	mov	%rdi, %rax
	xor	%ecx, %ecx
	mov	$3, %edx
	.byte	0xf3, 0x0f, 0x01, 0xfe
	ud2
u_rmpquery:
	mov	%rdi, %rax
	mov	$2, %edx
	.byte	0xf3, 0x0f, 0x01, 0xfd
	ud2
u_invlpgb:
	xor	%eax, %eax
	xor	%ecx, %ecx
	xor	%edx, %edx
	.byte	0x0f, 0x01, 0xfe
	ud2
u_tlbsync:
	.byte	0x0f, 0x01, 0xff
	ud2
u_vmmcall:
	vmmcall
	ud2
u_rdmsr:
	mov	$0xc0000082, %ecx
	rdmsr
	ud2
u_in:	in	$0x80, %al
	ud2
u_xsavec:
	mov	$7, %eax
	xor	%edx, %edx
	.byte	0x0f, 0xc7, 0x27
	ud2
u_xrstor:
	mov	$7, %eax
	xor	%edx, %edx
	.byte	0x0f, 0xae, 0x2f
	ud2
/* Two system calls; RBX and R8 are the first word of the user's GS. */
u_calls:
	xor	%r8d, %r8d
	mov	%gs:0, %rbx
	mov	$0x1234, %eax
	syscall
	mov	%gs:0, %r8
	syscall
	ud2
	.balign	4096

	.section .bss
	.balign	8
kept_rsp:
	.skip	8
	.section .note.GNU-stack, "", @progbits

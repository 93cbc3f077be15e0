/* SPDX-License-Identifier: MIT */
/*
 * One instruction each (services/probe/traps.h), as a function. Two come back
 * by a system call in between, so that the kernel has to live with what they
 * left in the registers.
 */
#define SYS_GETPID 39
#define KERNEL_CS  0x08
#define KERNEL_DS  0x10
#define KERNEL_VA  0xffffffff80000000

	.macro	snippet name
	.balign	16
	.globl	trap_\name
trap_\name:
	.endm

	.text
snippet	ud2
	ud2
	ret
snippet	divide
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	divl	%ecx
	ret
snippet	int3
	int3
	ret
snippet	int_80
	int	$0x80
	ret
snippet	int_29
	int	$29
	ret
snippet	int_32
	int	$32
	ret
snippet	step
	pushfq
	orq	$0x100, (%rsp)
	popfq
	nop
	ret
snippet	cli
	cli
	ret
snippet	sti
	sti
	ret
snippet	hlt
	hlt
	ret
snippet	in
	movl	$0x3f8, %edx
	inb	%dx, %al
	ret
snippet	out
	movl	$0x3f8, %edx
	outb	%al, %dx
	ret
snippet	rdmsr
	movl	$0xc0000080, %ecx
	rdmsr
	ret
snippet	wrmsr
	movl	$0xc0010130, %ecx
	xorl	%eax, %eax
	xorl	%edx, %edx
	wrmsr
	ret
snippet	lgdt
	lgdt	-16(%rsp)
	ret
snippet	lidt
	lidt	-16(%rsp)
	ret
snippet	lldt
	xorl	%eax, %eax
	lldt	%ax
	ret
snippet	ltr
	xorl	%eax, %eax
	ltr	%ax
	ret
snippet	read_cr0
	movq	%cr0, %rax
	ret
snippet	write_cr0
	xorl	%eax, %eax
	movq	%rax, %cr0
	ret
snippet	write_cr3
	xorl	%eax, %eax
	movq	%rax, %cr3
	ret
snippet	write_cr4
	xorl	%eax, %eax
	movq	%rax, %cr4
	ret
snippet	write_dr7
	movl	$0x400, %eax
	movq	%rax, %dr7
	ret
snippet	clts
	clts
	ret
snippet	invlpg
	invlpg	(%rsp)
	ret
snippet	invd
	invd
	ret
snippet	wbinvd
	wbinvd
	ret
snippet	swapgs
	swapgs
	ret
snippet	sysret
	movq	$KERNEL_VA, %rcx
	sysretq
	ret
snippet	sysenter
	sysenter
	ret
snippet	iret_kernel
	movq	%rsp, %rax
	pushq	$KERNEL_DS
	pushq	%rax
	pushfq
	pushq	$KERNEL_CS
	pushq	$1f
	iretq
1:	ret
snippet	far_kernel
	pushq	$KERNEL_CS
	pushq	$1f
	lretq
1:	ret
snippet	ss_kernel
	movl	$KERNEL_DS, %eax
	movw	%ax, %ss
	ret
snippet	sgdt
	sgdt	-16(%rsp)
	ret
snippet	sidt
	sidt	-16(%rsp)
	ret
snippet	sldt
	sldt	%eax
	ret
snippet	str
	str	%eax
	ret
snippet	smsw
	smsw	%eax
	ret
snippet	xgetbv
	xorl	%ecx, %ecx
	xgetbv
	ret
snippet	xsetbv
	xorl	%ecx, %ecx
	movl	$7, %eax
	xorl	%edx, %edx
	xsetbv
	ret
snippet	rdpmc
	xorl	%ecx, %ecx
	rdpmc
	ret
snippet	monitor
	movq	%rsp, %rax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	monitor
	ret
snippet	stac
	stac
	ret
snippet	wrfsbase
	wrfsbase %rax
	ret
snippet	wrgsbase
	wrgsbase %rax
	ret
snippet	rdpkru
	xorl	%ecx, %ecx
	rdpkru
	ret
snippet	avx
	vxorps	%ymm0, %ymm0, %ymm0
	ret
snippet	vmrun
	movl	$0x10000, %eax
	vmrun
	ret
snippet	clgi
	clgi
	ret
snippet	vmmcall
	xorl	%eax, %eax
	vmmcall
	ret
snippet	vmgexit
	rep
	vmmcall
	ret
/* The words of the registers are a page of the guest's. */
snippet	pvalidate
	movl	$0x100000, %eax
	xorl	%ecx, %ecx
	movl	$1, %edx
	.byte	0xf2, 0x0f, 0x01, 0xff
	ret
snippet	rmpadjust
	movl	$0x100000, %eax
	xorl	%ecx, %ecx
	movl	$0x0f02, %edx
	.byte	0xf3, 0x0f, 0x01, 0xfe
	ret
snippet	rmpquery
	movl	$0x100000, %eax
	movl	$2, %ecx
	.byte	0xf3, 0x0f, 0x01, 0xfd
	ret
snippet	invlpgb
	xorl	%eax, %eax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	.byte	0x0f, 0x01, 0xfe
	ret
/* The kernel returns to a stack pointer that is no address, and lives. */
snippet	rsp_wild
	movq	$0x8000000000000000, %rsp
	movl	$SYS_GETPID, %eax
	syscall
	pushq	%rax
	ret
/* A selector in GS takes its base away: the kernel must not miss it. */
snippet	gs_kernel
	movl	%ss, %eax
	movw	%ax, %gs
	movl	$SYS_GETPID, %eax
	syscall
	movw	%ax, %gs
	movq	%gs:0, %rax
	ret
/* The kernel loads and keeps a state with an exception in it. */
snippet	x87_unmasked
	fninit
	movw	$0x0340, -8(%rsp)
	fldcw	-8(%rsp)
	fld1
	fldz
	fdivrp	%st, %st(1)
	movl	$SYS_GETPID, %eax
	syscall
	fwait
	ret
snippet	sse_unmasked
	movl	$0, -8(%rsp)
	ldmxcsr	-8(%rsp)
	movl	$1, %eax
	cvtsi2sd %eax, %xmm0
	xorps	%xmm1, %xmm1
	divsd	%xmm1, %xmm0
	ret

/* long probe_call(number, a, b, c, d) */
	.globl	probe_call
probe_call:
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	syscall
	ret

/* long state_next(struct sys_message *m, struct state *s): registers from s->in,
 * one SYS_COIR_NEXT, registers to s->out. */
#define STATE_OUT   512
#define STATE_WORDS 1024
#define STATE_AFTER 1120
	.globl	state_next
state_next:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rsi
	fxrstor64 (%rsi)
	movq	STATE_WORDS+0(%rsi), %rbx
	movq	STATE_WORDS+8(%rsi), %rbp
	movq	STATE_WORDS+16(%rsi), %r12
	movq	STATE_WORDS+24(%rsi), %r13
	movq	STATE_WORDS+32(%rsi), %r14
	movq	STATE_WORDS+40(%rsi), %r15
	movq	STATE_WORDS+48(%rsi), %rdx
	movq	STATE_WORDS+56(%rsi), %r8
	movq	STATE_WORDS+64(%rsi), %r9
	movq	STATE_WORDS+72(%rsi), %r10
	movq	STATE_WORDS+80(%rsi), %rsi
	movl	$0x4000, %eax
	syscall
	xchgq	%rsi, (%rsp)
	movq	%rbx, STATE_AFTER+0(%rsi)
	movq	%rbp, STATE_AFTER+8(%rsi)
	movq	%r12, STATE_AFTER+16(%rsi)
	movq	%r13, STATE_AFTER+24(%rsi)
	movq	%r14, STATE_AFTER+32(%rsi)
	movq	%r15, STATE_AFTER+40(%rsi)
	movq	%rdx, STATE_AFTER+48(%rsi)
	movq	%r8, STATE_AFTER+56(%rsi)
	movq	%r9, STATE_AFTER+64(%rsi)
	movq	%r10, STATE_AFTER+72(%rsi)
	popq	%rcx
	movq	%rcx, STATE_AFTER+80(%rsi)
	fxsave64 STATE_OUT(%rsi)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	/* As C expects them. */
	fninit
	movl	$0x1f80, -8(%rsp)
	ldmxcsr	-8(%rsp)
	ret

	.section .note.GNU-stack, "", @progbits

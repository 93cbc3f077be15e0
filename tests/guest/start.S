/* SPDX-License-Identifier: MIT */
/*
 * Entry of a test guest: 64-bit, identity-mapped, RSI = boot_params, as the
 * Linux boot protocol has it. Also the entry of its other vCPUs and the traps.
 */
	.section .start, "ax"
	.globl guest_start
guest_start:
	lea	boot_stack_top(%rip), %rsp
	xor	%ebp, %ebp
	mov	%rsi, %rdi
	call	guest_entry
1:	hlt
	jmp	1b

	.text
/* Entry of an added vCPU: RSP is its stack, RDI its number. */
	.globl vcpu_start
vcpu_start:
	xor	%ebp, %ebp
	call	vcpu_entry
1:	hlt
	jmp	1b

/*
 * void call_exit(struct svsm_regs *regs): RAX, RCX, RDX, R8 and R9 are loaded
 * from *regs, VMGEXIT leaves, and the five are stored back. The GHCB MSR is
 * already written.
 */
	.globl call_exit
call_exit:
	push	%rbx
	mov	%rdi, %rbx
	mov	(%rbx), %rax
	mov	8(%rbx), %rcx
	mov	16(%rbx), %rdx
	mov	24(%rbx), %r8
	mov	32(%rbx), %r9
	rep; vmmcall
	mov	%rax, (%rbx)
	mov	%rcx, 8(%rbx)
	mov	%rdx, 16(%rbx)
	mov	%r8, 24(%rbx)
	mov	%r9, 32(%rbx)
	pop	%rbx
	ret

/*
 * int probe_read(const void *at, uint8_t *out), int probe_write(void *at,
 * uint8_t value): 0, or the vector of the exception that the access raised.
 * trap_common jumps to probe_failed when RIP is one of the two accesses.
 */
	.globl probe_read, probe_write
probe_read:
	xor	%eax, %eax
probe_read_access:
	movb	(%rdi), %dl
	movb	%dl, (%rsi)
	ret
probe_write:
	xor	%eax, %eax
probe_write_access:
	movb	%sil, (%rdi)
	ret
probe_failed:
	ret

/* void spin(uint64_t rounds): two instructions a round, rounds >= 1. */
	.globl spin
spin:
	dec	%rdi
	jnz	spin
	ret

	.macro trap vector, has_error
	.balign 16
	.if !\has_error
	push	$0
	.endif
	push	$\vector
	jmp	trap_common
	.endm

/* 32 stubs of 16 bytes each; the IDT is built from their distance. */
	.balign 16
	.globl trap_stubs
trap_stubs:
	.irp v, 0,1,2,3,4,5,6,7
	trap \v, 0
	.endr
	trap 8, 1
	trap 9, 0
	.irp v, 10,11,12,13,14
	trap \v, 1
	.endr
	.irp v, 15,16
	trap \v, 0
	.endr
	trap 17, 1
	.irp v, 18,19,20
	trap \v, 0
	.endr
	trap 21, 1
	.irp v, 22,23,24,25,26,27,28
	trap \v, 0
	.endr
	trap 29, 1
	trap 30, 1
	trap 31, 0

trap_common:
	/* 0 vector, 8 error, 16 RIP, 24 CS, 32 RFLAGS, 40 RSP, 48 SS */
	push	%rcx
	lea	probe_read_access(%rip), %rcx
	cmp	%rcx, 24(%rsp)
	je	2f
	lea	probe_write_access(%rip), %rcx
	cmp	%rcx, 24(%rsp)
	je	2f
	mov	8(%rsp), %rdi
	mov	16(%rsp), %rsi
	mov	24(%rsp), %rdx
	mov	%cr2, %rcx
	call	trap_fatal
2:	mov	8(%rsp), %rax
	lea	probe_failed(%rip), %rcx
	mov	%rcx, 24(%rsp)
	pop	%rcx
	add	$16, %rsp
	iretq

	.section .bss
	.balign 4096
	.skip	8192
boot_stack_top:
	.section .note.GNU-stack, "", @progbits

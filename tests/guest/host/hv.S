/* SPDX-License-Identifier: MIT */
/* #HV has no error code; the second vCPU starts at hv_ap_start. */
	.text
	.globl	hv_stub
hv_stub:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	cld
	call	hv_handler
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

	.globl	hv_ap_start
hv_ap_start:
	call	hv_ap_main
1:	hlt
	jmp	1b
	.section .note.GNU-stack, "", @progbits

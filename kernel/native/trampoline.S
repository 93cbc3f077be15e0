/* SPDX-License-Identifier: MIT */
/*
 * Copied to TRAMPOLINE; a processor begins here in real mode, CS = TRAMPOLINE >>
 * 4. Goes straight to long mode, by tables that hold the kernel and these pages.
 */
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "kernel/native/start.h"

#define AT(symbol) (TRAMPOLINE + (symbol) - trampoline_start)

	.section .rodata.trampoline, "a"
	.balign	16
	.code16
	.globl	trampoline_start, trampoline_data, trampoline_end
trampoline_start:
	cli
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	AT(gdt_ptr)
	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$TRAMPOLINE + 0x1000, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME | EFER_NXE, %eax
	wrmsr
	/* All of it: INIT leaves the caches off. */
	movl	$CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE, %eax
	movl	%eax, %cr0
	ljmpl	$8, $AT(long_mode)

	.code64
long_mode:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$AT(trampoline_data), %ebx
	movq	0(%rbx), %rsi
	movq	8(%rbx), %rsp
	movq	16(%rbx), %rdi
	movq	24(%rbx), %r8
	movl	$MSR_GS_BASE, %ecx
	movq	%rdi, %rax
	movq	%rdi, %rdx
	shrq	$32, %rdx
	wrmsr
	/* From here on the next processor may have these pages. */
	movl	$1, 32(%rbx)
	jmp	*%r8

	.balign	8
gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_ptr:
	.word	. - gdt - 1
	.long	AT(gdt)
	.balign	8
/* struct start_data of start.c */
trampoline_data:
	.skip	40
trampoline_end:

	.section .text.start, "ax"
/* RSI = the kernel's root: these pages are gone. */
	.globl	start_entry
start_entry:
	movq	%rsi, %cr3
	jmp	cpu_entry

	.section .note.GNU-stack, "", @progbits

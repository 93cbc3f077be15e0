/* SPDX-License-Identifier: MIT */
/* Leaves the kernel for good: the guest's tables, GDT, stack and entry. */
/* Selectors of abi/linux/boot.h, which assembly cannot include. */
#define LINUX_BOOT_CS 0x10
#define LINUX_BOOT_DS 0x18

	.section .text.aside, "ax"
	.globl aside_jump
aside_jump:
	/* rdi entry, rsi boot_params, rdx stack, rcx cr3, r8 gdt, r9 cr4 */
	movq	%rcx, %cr3
	lgdt	(%r8)
	/* Also flushes global translations. */
	movq	%r9, %cr4
	movq	%rdx, %rsp
	movl	$LINUX_BOOT_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	pushq	$LINUX_BOOT_CS
	pushq	%rdi
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	lretq

	.section .note.GNU-stack, "", @progbits

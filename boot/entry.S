/* SPDX-License-Identifier: MIT */
/*
 * First instructions of the image: 32-bit, paging off, ESI = parameter page
 * (guest-physical). Unpaged memory is all private. Finds the C-bit, turns on
 * long mode with three tables of this image and calls boot_main. Nothing here
 * may cause #VC: there is no IDT, so any exception ends the VM.
 */
#include "abi/boot/launch.h"
#include "abi/snp/ghcb_msr.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "boot/longmode.inc"
#include "boot/offsets.h"

#define FAIL_MSR                                                      \
	(GHCB_MSR_TERMINATE | TERM_SET_COIR << GHCB_MSR_TERM_SET_SHIFT | \
	 BOOT_REASON << GHCB_MSR_TERM_REASON_SHIFT)

	.section .boot.text, "ax"
	.code32
	.globl boot_entry
boot_entry:
	cli
	cld

	/* The C-bit's place is in the CPUID page: asking by CPUID would trap,
	 * and the host could lie. */
	movl	PARAMS_CPUID_PAGE(%esi), %edi
	movl	(%edi), %ecx
	cmpl	$CPUID_PAGE_MAX, %ecx
	ja	.Lfail
	addl	$CPUID_PAGE_FN, %edi
1:	testl	%ecx, %ecx
	jz	.Lfail
	cmpl	$CPUID_LEAF_SEV, (%edi)
	je	2f
	addl	$CPUID_FN_SIZE, %edi
	decl	%ecx
	jmp	1b
2:	movl	CPUID_FN_EBX(%edi), %ecx
	andl	$CPUID_SEV_EBX_CBIT, %ecx
	subl	$32, %ecx
	jb	.Lfail
	movl	$1, %ebx
	shll	%cl, %ebx		/* high half of the C-bit's mask */

	/* One 2 MiB page, seen at its own address and at KERNEL_VA. */
	movl	$boot_pdpt + BOOT_TABLE, boot_pml4
	movl	%ebx, boot_pml4 + 4
	movl	$boot_pdpt + BOOT_TABLE, boot_pml4 + 511 * 8
	movl	%ebx, boot_pml4 + 511 * 8 + 4
	movl	$boot_pd + BOOT_TABLE, boot_pdpt
	movl	%ebx, boot_pdpt + 4
	movl	$boot_pd + BOOT_TABLE, boot_pdpt + 510 * 8
	movl	%ebx, boot_pdpt + 510 * 8 + 4
	movl	$SVSM_BASE + BOOT_LARGE, boot_pd
	movl	%ebx, boot_pd + 4
	movl	$SVSM_BASE + BOOT_LARGE, boot_pd + (SVSM_BASE >> 21) * 8
	movl	%ebx, boot_pd + (SVSM_BASE >> 21) * 8 + 4

	boot_long_mode boot_entry64

	.code64
boot_entry64:
	boot_segments
	movl	%esi, %edi		/* parameter page */
	movl	%ebx, %esi
	shlq	$32, %rsi		/* C-bit's mask */
	call	boot_main
	ud2

	.globl boot_jump
boot_jump:
	movabsq	$kernel_entry, %rax
	jmp	*%rax

	/* Ends the VM by the GHCB MSR protocol, in words that name us. */
	.code32
.Lfail:
	movl	$MSR_GHCB, %ecx
	movl	$FAIL_MSR, %eax
	xorl	%edx, %edx
	wrmsr
	rep; vmmcall
	jmp	.Lfail

	.section .boot.data, "aw"
	.balign	8
	.globl boot_gdt_ptr, boot_stack_top
boot_gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
boot_gdt_ptr:
	.word	. - boot_gdt - 1
	.long	boot_gdt
	.balign	16
	.skip	BOOT_STACK
boot_stack_top:

	.section .boot.tables, "aw"
	.balign	4096
	.globl boot_pml4, boot_pdpt, boot_pd
boot_pml4:
	.skip	4096
boot_pdpt:
	.skip	4096
boot_pd:
	.skip	4096

	.section .note.GNU-stack, "", @progbits

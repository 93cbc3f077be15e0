/* SPDX-License-Identifier: MIT */
/*
 * The other way in: a loader of the PVH kind (QEMU's -kernel) on a machine
 * without confidential computing. 32-bit, paging off, flat segments, EBX =
 * struct pvh_start_info. Never taken on SEV-SNP: there the measured save area
 * says where the image begins.
 */
#include "abi/boot/launch.h"
#include "abi/pvh.h"
#include "abi/x86/cpuid.h"
#include "abi/x86/cr.h"
#include "abi/x86/msr.h"
#include "boot/offsets.h"

#define TABLE 0x63
#define LARGE 0xe3
#define GIB   (1 << 30)

	/* QEMU reads eight bytes, whatever the note's size. */
	.section .note.Xen, "a", @note
	.balign	4
	.long	4, 8, PVH_NOTE_ENTRY
	.asciz	"Xen"
	.quad	boot_pvh

	.section .boot.text, "ax"
	.code32
	.globl boot_pvh
boot_pvh:
	cli
	cld
	movl	%ebx, %edi		/* CPUID takes EBX */
	movl	$0x80000001, %eax
	cpuid
	andl	$PVH_FEATURES, %edx
	cmpl	$PVH_FEATURES, %edx
	jne	.Lfail

	/* The low 4 GiB as they are, and the image at KERNEL_VA. */
	movl	$boot_pdpt + TABLE, boot_pml4
	movl	$boot_pdpt + TABLE, boot_pml4 + 511 * 8
	movl	$LARGE, boot_pdpt
	movl	$GIB + LARGE, boot_pdpt + 8
	movl	$2 * GIB + LARGE, boot_pdpt + 16
	movl	$3 * GIB + LARGE, boot_pdpt + 24
	movl	$boot_pd + TABLE, boot_pdpt + 510 * 8
	movl	$SVSM_BASE + LARGE, boot_pd

	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME | EFER_NXE, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_PG | CR0_WP | CR0_PE, %eax
	movl	%eax, %cr0
	lgdt	boot_gdt_ptr
	ljmp	$8, $1f

	.code64
1:	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$boot_stack_top, %esp
	xorl	%ebp, %ebp
	movl	%edi, %edi		/* upper half is not defined */
	call	boot_native
	ud2

	/* A processor without long mode, NX or pages of 1 GiB. */
	.code32
.Lfail:
	movb	$NATIVE_EXIT_FAILED, %al
	outb	%al, $NATIVE_EXIT_PORT
	hlt
	jmp	.Lfail

	.section .note.GNU-stack, "", @progbits

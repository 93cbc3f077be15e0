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
#include "boot/longmode.inc"
#include "boot/offsets.h"

#define LARGE (1 << 21)

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
	movl	$boot_pdpt + BOOT_TABLE, boot_pml4
	movl	$boot_pdpt + BOOT_TABLE, boot_pml4 + 511 * 8
	movl	$PVH_TABLES + BOOT_TABLE, boot_pdpt
	movl	$PVH_TABLES + 0x1000 + BOOT_TABLE, boot_pdpt + 8
	movl	$PVH_TABLES + 0x2000 + BOOT_TABLE, boot_pdpt + 16
	movl	$PVH_TABLES + 0x3000 + BOOT_TABLE, boot_pdpt + 24
	movl	$BOOT_LARGE, %eax
	movl	$PVH_TABLES, %ecx
1:	movl	%eax, (%ecx)
	movl	$0, 4(%ecx)
	addl	$8, %ecx
	addl	$LARGE, %eax
	jnc	1b			/* up to 4 GiB */
	movl	$boot_pd + BOOT_TABLE, boot_pdpt + 510 * 8
	movl	$SVSM_BASE + BOOT_LARGE, boot_pd

	boot_long_mode 1f

	.code64
1:	boot_segments
	movl	%edi, %edi		/* upper half is not defined */
	call	boot_native
	ud2

	/* A processor without long mode or NX. */
	.code32
.Lfail:
	movb	$NATIVE_EXIT_FAILED, %al
	outb	%al, $NATIVE_EXIT_PORT
	hlt
	jmp	.Lfail

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: MIT */
/* Multiboot entry in 32-bit mode, the way to long mode, the move to HOME, and
 * the start of the other processors. */
#include "abi/multiboot.h"

#define IMAGE_VA	0xffffffff80000000
#define LOAD_PA		0x1000000
#define LOADED(sym)	((sym) - IMAGE_VA + LOAD_PA)
#define FLAGS		(MULTIBOOT_MEMORY | MULTIBOOT_ADDRESSES)
/* PAE OSFXSR OSXMMEXCPT */
#define CR4_START	0x620
/* LME NXE SVME */
#define EFER_START	0x1900
/* PG WP NE MP PE */
#define CR0_START	0x80010023
#define TRAMPOLINE	0x8000

	.section .multiboot, "ax"
	.balign 4
multiboot_header:
	.long	MULTIBOOT_HEADER_MAGIC, FLAGS
	.long	-(MULTIBOOT_HEADER_MAGIC + FLAGS)
	.long	LOADED(multiboot_header), LOAD_PA
	.long	LOADED(image_load_end), LOADED(image_end), LOADED(entry)

	.code32
	.globl	entry
entry:
	cli
	cld
	mov	%ebx, %esi
	/* Boot tables: the first 512 GiB at 0 and at MM_PHYS, the image. */
	movl	$LOADED(boot_pdpt) + 3, LOADED(boot_pml4)
	movl	$LOADED(boot_pdpt) + 3, LOADED(boot_pml4) + 256 * 8
	movl	$LOADED(boot_pdpt_image) + 3, LOADED(boot_pml4) + 511 * 8
	movl	$LOADED(boot_pd_image) + 3, LOADED(boot_pdpt_image) + 510 * 8
	xor	%ecx, %ecx
1:	mov	%ecx, %eax
	shl	$30, %eax
	or	$0x83, %eax
	mov	%ecx, %edx
	shr	$2, %edx
	mov	%eax, LOADED(boot_pdpt)(,%ecx,8)
	mov	%edx, LOADED(boot_pdpt) + 4(,%ecx,8)
	mov	%ecx, %eax
	shl	$21, %eax
	add	$LOAD_PA + 0x83, %eax
	mov	%eax, LOADED(boot_pd_image)(,%ecx,8)
	inc	%ecx
	cmp	$512, %ecx
	jb	1b
	mov	$LOADED(boot_pml4), %eax
	mov	%eax, %cr3
	mov	$CR4_START, %eax
	mov	%eax, %cr4
	mov	$0xc0000080, %ecx
	mov	$EFER_START, %eax
	xor	%edx, %edx
	wrmsr
	mov	$CR0_START, %eax
	mov	%eax, %cr0
	lgdtl	LOADED(boot_gdt_ptr)
	ljmp	$8, $LOADED(long_mode)

	.code64
long_mode:
	mov	$high, %rax
	jmp	*%rax
high:
	lgdt	gdt_ptr
	mov	$16, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	mov	$boot_stack_end, %rsp
	xor	%ebp, %ebp
	mov	%esi, %edi
	call	main_boot
	ud2

	.text
/*
 * void entry_move(void *to, const void *from, uint64_t bytes, uint64_t cr3,
 *		   void (*next)(void))
 * Copies the image and goes on in the copy, with an empty stack. Nothing is
 * written to the old image between the copy and the change of tables.
 */
	.globl	entry_move
entry_move:
	mov	%rdx, %r9
	mov	%rcx, %r10
	mov	%r9, %rcx
	rep movsb
	mov	%r10, %cr3
	mov	$boot_stack_end, %rsp
	call	*%r8
	ud2

/* Copied to TRAMPOLINE; tables for it follow in the next two pages. */
	.section .rodata
	.code16
	.globl	entry_ap_start, entry_ap_end
entry_ap_start:
	cli
	xor	%ax, %ax
	mov	%ax, %ds
	lgdtl	TRAMPOLINE + (ap_gdt_ptr - entry_ap_start)
	mov	$CR4_START, %eax
	mov	%eax, %cr4
	mov	$TRAMPOLINE + 0x1000, %eax
	mov	%eax, %cr3
	mov	$0xc0000080, %ecx
	mov	$EFER_START, %eax
	xor	%edx, %edx
	wrmsr
	mov	$CR0_START, %eax
	mov	%eax, %cr0
	ljmpl	$8, $TRAMPOLINE + (ap_long - entry_ap_start)
	.code64
ap_long:
	mov	$ap_high, %rax
	jmp	*%rax
	.balign	8
ap_gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
ap_gdt_ptr:
	.word	23
	.long	TRAMPOLINE + (ap_gdt - entry_ap_start)
entry_ap_end:

	.text
ap_high:
	mov	home_cr3, %rax
	mov	%rax, %cr3
	lgdt	gdt_ptr
	mov	$16, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	mov	$1, %eax
	cpuid
	shr	$24, %ebx
	/* A processor nobody asked for has no stack: it sleeps for ever. */
	cmp	$64, %ebx
	jae	1f
	mov	smp_stack(,%rbx,8), %rsp
	test	%rsp, %rsp
	jz	1f
	xor	%ebp, %ebp
	mov	%ebx, %edi
	call	smp_ap_main
1:	cli
	hlt
	jmp	1b

	.data
	.balign	8
gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_ptr:
	.word	23
	.quad	gdt
boot_gdt_ptr:
	.word	23
	.long	LOADED(gdt)

	.bss
	.balign	4096
boot_pml4:
	.skip	4096
boot_pdpt:
	.skip	4096
boot_pdpt_image:
	.skip	4096
boot_pd_image:
	.skip	4096
	.skip	32768
	.globl	boot_stack_end
boot_stack_end:
	.section .note.GNU-stack, "", @progbits

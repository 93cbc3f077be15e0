/* SPDX-License-Identifier: MIT */
/* A copy in which every access may fault: #VC 404h when the host pulled a
 * guest page away. */

	.text
	.globl guest_copy
guest_copy:
	movq	%rdx, %rcx
	shrq	$3, %rcx
1:	rep movsq
	movl	%edx, %ecx
	andl	$7, %ecx
2:	rep movsb
	movl	$1, %eax
	ret
3:	xorl	%eax, %eax
	ret

	.section .extable, "a"
	.quad	1b, 3b
	.quad	2b, 3b

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: MIT */
/*
 * SEV-SNP guest instructions. AMD 24594 (APM vol 3). Addresses are the
 * guest's VIRTUAL addresses; the page must be mapped with the C-bit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* F2 0F 01 FF. @size RMP_PG_SIZE_*. @carry: page already was in that state,
 * meaningful only when the result is SNP_SUCCESS. */
static inline uint32_t hw_pvalidate(uint64_t va, uint32_t size, bool validate,
				    bool *carry)
{
	uint32_t rc;
	uint8_t cf;

	__asm__ volatile(".byte 0xf2, 0x0f, 0x01, 0xff\n\tsetc %1"
			 : "=a"(rc), "=qm"(cf)
			 : "a"(va), "c"(size), "d"((uint32_t)validate)
			 : "memory", "cc");
	*carry = cf;
	return rc;
}

/* F3 0F 01 FE. @attributes: RMPADJUST_* of abi/snp/rmp.h. */
static inline uint32_t hw_rmpadjust(uint64_t va, uint32_t size,
				    uint64_t attributes)
{
	uint64_t rax = va;

	__asm__ volatile(".byte 0xf3, 0x0f, 0x01, 0xfe"
			 : "+a"(rax)
			 : "c"((uint64_t)size), "d"(attributes)
			 : "memory", "cc");
	return (uint32_t)rax;
}

/* F3 0F 01 FD. In: target VMPL in @attributes; out: permissions, VMSA. */
static inline uint32_t hw_rmpquery(uint64_t va, uint64_t *attributes,
				   uint64_t *size)
{
	uint64_t rax = va, rdx = *attributes, rcx = 0;

	__asm__ volatile(".byte 0xf3, 0x0f, 0x01, 0xfd"
			 : "+a"(rax), "+d"(rdx), "+c"(rcx)
			 :
			 : "memory", "cc");
	*attributes = rdx;
	*size = rcx;
	return (uint32_t)rax;
}

/* F3 0F 01 D9: leave to the hypervisor; GHCB and its MSR say why. */
static inline void hw_vmgexit(void)
{
	__asm__ volatile("rep; vmmcall" ::: "memory");
}

/* 0F 01 FE. Operands as AMD 24594 gives them. */
static inline void hw_invlpgb(uint64_t rax, uint32_t ecx, uint32_t edx)
{
	__asm__ volatile(".byte 0x0f, 0x01, 0xfe" ::"a"(rax), "c"(ecx), "d"(edx)
			 : "memory");
}

/* 0F 01 FF: wait until this CPU's INVLPGBs took effect everywhere. */
static inline void hw_tlbsync(void)
{
	__asm__ volatile(".byte 0x0f, 0x01, 0xff" ::: "memory");
}

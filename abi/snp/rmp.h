/* SPDX-License-Identifier: MIT */
/*
 * Operands and results of PVALIDATE, RMPADJUST and RMPQUERY.
 * AMD 24594 (APM vol 3); AMD 24593, 15.36.
 */
#pragma once

#define SNP_VMPL_COUNT 4

/* EAX of all three */
#define SNP_SUCCESS	      0u
#define SNP_FAIL_INPUT	      1u
#define SNP_FAIL_PERMISSION   2u
#define SNP_FAIL_INUSE	      3u
#define SNP_FAIL_SIZEMISMATCH 6u

#define RMP_PG_SIZE_4K 0u
#define RMP_PG_SIZE_2M 1u

#define VMPL_READ	  0x01u
#define VMPL_WRITE	  0x02u
#define VMPL_EXEC_USER	  0x04u
#define VMPL_EXEC_SUPER	  0x08u
#define VMPL_SHADOW_STACK 0x10u
#define VMPL_ALL	  0x0fu
#define VMPL_NONE	  0x00u

/* RDX of RMPADJUST and (out) RMPQUERY */
#define RMPADJUST_VMPL	     0xffull
#define RMPADJUST_PERM_SHIFT 8
#define RMPADJUST_VMSA	     (1ull << 16)

/* NPF EXITINFO1, APM vol 2, 15.36.10 */
#define NPF_P	  (1ull << 0)
#define NPF_W	  (1ull << 1)
#define NPF_U	  (1ull << 2)
#define NPF_RSV	  (1ull << 3)
#define NPF_ID	  (1ull << 4)
#define NPF_RMP	  (1ull << 31)
#define NPF_GPA	  (1ull << 32)
#define NPF_WALK  (1ull << 33)
#define NPF_ENC	  (1ull << 34)
#define NPF_SIZEM (1ull << 35)
#define NPF_VMPL  (1ull << 36)

/* INVLPGB RAX: an address is named; of the calling guest; global ones, too. */
#define INVLPGB_VA     (1u << 0)
#define INVLPGB_ASID   (1u << 2)
#define INVLPGB_GLOBAL (1u << 3)

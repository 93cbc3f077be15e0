/* SPDX-License-Identifier: MIT */
/* Operations of the vTPM service; results other than 0 carry no bytes. */
#pragma once

enum vtpm_op {
	/* arg: locality 0 to 4. Bare TPM command in, bare TPM response out. */
	VTPM_OP_COMMAND = 1,
	/* arg: enum vtpm_ek. Nothing in; TPMT_PUBLIC of that key out. */
	VTPM_OP_EK = 2,
	/* Power off and on (TPM Init). Nothing in or out; NV survives. */
	VTPM_OP_RESET = 3,
};

/* Endorsement keys by the TCG's templates (EK credential profile 2.3, B). */
enum vtpm_ek {
	VTPM_EK_RSA_2048 = 0, /* template L-1 */
	VTPM_EK_P256 = 1,     /* L-2 */
	VTPM_EK_P384 = 2,     /* H-3 */
	VTPM_EK_COUNT
};

/* A TPM command or response fits behind the header in SVSM's buffer page. */
#define VTPM_BUFFER_MAX	  4087u
#define VTPM_LOCALITY_MAX 4u

/* First word of the service's arguments: how often it was started before. */
#define VTPM_RESTARTS "restarts="

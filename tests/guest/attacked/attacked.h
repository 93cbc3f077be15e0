/* SPDX-License-Identifier: MIT */
/* A guest whose host attacks: what it works with, and its marks. */
#pragma once

#include <stdint.h>

#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/svsm.h"

#define CORE_ERR(code) ((uint64_t)(uint32_t)SVSM_ERR_PROTOCOL + (code))

/* Marks: the host may begin; data is about to be validated again; the guest is half
 * through; nearly done. */
enum {
	MARK_READY = 1,
	MARK_AGAIN,
	MARK_HALF,
	MARK_LAST,
};

/* The TPM behind the SVSM, if the image has one ("tpm" on the command line):
 * what it holds must stay what it was, or not be told at all. */
void tpm_begin(void);
void tpm_work(void);
void tpm_judge(void);

/* SPDX-License-Identifier: MIT */
/* The vTPM beside services that crash, and after a crash of its own. */
#include "abi/svsm/vtpm.h"
#include "abi/vtpm_service.h"
#include "lib/str.h"
#include "tests/guest/check.h"
#include "tests/guest/machine.h"
#include "tests/guest/services/services.h"
#include "tests/guest/svsm.h"

#define CMD	    ((uint64_t)SVSM_VTPM_PROTOCOL << 32 | SVSM_VTPM_CMD)
#define TRIES	    20000000u
#define RC_FAILURE  0x101u
#define ANSWER_HEAD 30u /* of PCR_Read, before the digest */
#define DIGEST	    32u

static uint8_t buffer[4096] __attribute__((aligned(4096)));
static uint8_t pcr[DIGEST];

static const uint8_t startup[] = { 0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x44, 0, 0 };
static const uint8_t get_random[] = {
	0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, 16
};
static const uint8_t pcr_read[] = { 0x80, 1, 0, 0, 0, 20, 0, 0, 1, 0x7e,
				    0,	  0, 0, 1, 0, 11, 3, 0, 0, 1 };
/* PCR 16, SHA-256; the digest behind it is zero. */
static const uint8_t extend[65] = {
	0x80, 2,    0, 0, 0, 65, 0, 0, 1, 0x82, 0, 0, 0, 16, 0, 0, 0,
	9,    0x40, 0, 0, 9, 0,	 0, 0, 0, 0,	0, 0, 0, 1,  0, 11
};
static const uint8_t test_result[] = { 0x80, 1, 0, 0, 0, 10, 0, 0, 1, 0x7c };

static uint32_t send(void)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		struct svsm_regs regs = { .rax = CMD, .rcx = (uint64_t)buffer };

		if (svsm_exit(0, 1, &regs) ||
		    (uint32_t)regs.rax == (uint32_t)SVSM_ERR_BUSY ||
		    (uint32_t)regs.rax == (uint32_t)SVSM_ERR_INCOMPLETE)
			continue;
		return (uint32_t)regs.rax;
	}
	return (uint32_t)SVSM_ERR_BUSY;
}

/* The TPM's own result, or the protocol's. */
static uint32_t tpm(const uint8_t *command, uint32_t size)
{
	struct svsm_vtpm_command head = { SVSM_VTPM_SEND_COMMAND, 0, size };
	const uint8_t *code = buffer + 10;
	uint32_t r;

	memcpy(buffer, &head, sizeof(head));
	memcpy(buffer + sizeof(head), command, size);
	r = send();
	if (r != SVSM_SUCCESS)
		return r;
	return (uint32_t)code[0] << 24 | (uint32_t)code[1] << 16 |
	       (uint32_t)code[2] << 8 | code[3];
}

void tpm_start(void)
{
	check_equal("Startup", tpm(startup, sizeof(startup)), 0);
	check_equal("PCR_Extend", tpm(extend, sizeof(extend)), 0);
	check_equal("PCR_Read", tpm(pcr_read, sizeof(pcr_read)), 0);
	memcpy(pcr, buffer + 4 + ANSWER_HEAD, DIGEST);
	check_equal("GetRandom", tpm(get_random, sizeof(get_random)), 0);
}

void tpm_still(const char *when)
{
	check_equal(when, tpm(get_random, sizeof(get_random)), 0);
	check_equal(when, tpm(pcr_read, sizeof(pcr_read)), 0);
	check_true(when, !memcmp(pcr, buffer + 4 + ANSWER_HEAD, DIGEST));
}

/* Its PCRs are lost: it must never say that they are empty. */
void tpm_crash(void)
{
	uint8_t none = 0;
	uint32_t size = 5000;

	print("expect vtpm, a request beyond its page: it ended with status 70\n");
	check_equal("vTPM crashed",
		    ask_bytes(0, "vtpm", VTPM_OP_COMMAND, &none, &size),
		    (uint32_t)SVSM_ERR_INVALID_REQUEST);
	check_equal("GetRandom after it", tpm(get_random, sizeof(get_random)),
		    RC_FAILURE);
	check_equal("PCR_Read after it", tpm(pcr_read, sizeof(pcr_read)),
		    RC_FAILURE);
	check_equal("Startup after it", tpm(startup, sizeof(startup)),
		    RC_FAILURE);
	check_equal("PCR_Extend after it", tpm(extend, sizeof(extend)),
		    RC_FAILURE);
	check_equal("GetTestResult after it",
		    tpm(test_result, sizeof(test_result)), 0);
}

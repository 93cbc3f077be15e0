/* SPDX-License-Identifier: MIT */
/* A register of the TPM, extended once: it keeps its value, or is not told. */
#include "tests/guest/attacked/attacked.h"

#include "abi/svsm/vtpm.h"
#include "lib/str.h"

#define VTPM_CMD_CALL ((uint64_t)SVSM_VTPM_PROTOCOL << 32 | SVSM_VTPM_CMD)
#define TRIES	      20000000u
#define PCR_SIZE      32u
#define HEAD	      10u
#define NOT_TOLD      0xbadu

static uint8_t buffer[4096] __attribute__((aligned(4096)));
static bool present;
static unsigned int told;

static const uint8_t startup[] = { 0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x44, 0, 0 };
static const uint8_t pcr_read[] = { 0x80, 1, 0, 0, 0, 20, 0, 0, 1, 0x7e,
				    0,	  0, 0, 1, 0, 11, 3, 0, 0, 1 };
static const uint8_t extend_head[] = { 0x80, 2, 0, 0, 0,  65, 0, 0, 1,
				       0x82, 0, 0, 0, 16, 0,  0, 0, 9,
				       0x40, 0, 0, 9, 0,  0,  0, 0, 0,
				       0,    0, 0, 1, 0,  11 };
/* SHA-256 of 32 zero bytes and 32 times 0x5a, computed elsewhere. */
static const uint8_t extended[PCR_SIZE] = {
#include "tests/guest/vtpm/extended.inc"
};

static uint32_t ask(void)
{
	for (uint32_t i = 0; i < TRIES; i++) {
		struct svsm_regs regs = { .rax = VTPM_CMD_CALL,
					  .rcx = (uint64_t)buffer };
		uint32_t r;

		if (svsm_exit(0, 1, &regs))
			continue; /* resumed by the host alone */
		r = (uint32_t)regs.rax;
		if (r != (uint32_t)SVSM_ERR_INCOMPLETE &&
		    r != (uint32_t)SVSM_ERR_BUSY)
			return r;
	}
	return (uint32_t)SVSM_ERR_BUSY;
}

static uint32_t big_endian(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* The TPM's result code, or NOT_TOLD. */
static uint32_t command(const uint8_t *bytes, uint32_t size)
{
	struct svsm_vtpm_command head = { SVSM_VTPM_SEND_COMMAND, 0, size };

	memcpy(buffer, &head, sizeof(head));
	memcpy(buffer + sizeof(head), bytes, size);
	if (ask() != SVSM_SUCCESS || big_endian(buffer + 6) < HEAD)
		return NOT_TOLD;
	return big_endian(buffer + 4 + 6);
}

static void value_check(const char *when)
{
	uint32_t r = command(pcr_read, sizeof(pcr_read));
	/* Behind the head: counter, selection, count of digests, size. */
	const uint8_t *value = buffer + 4 + HEAD + 4 + 10 + 4 + 2;

	if (r)
		return;
	told++;
	check_true(when, !memcmp(value, extended, PCR_SIZE));
}

void tpm_begin(void)
{
	uint8_t extend[sizeof(extend_head) + PCR_SIZE];

	present = machine_option("tpm") != NULL;
	if (!present)
		return;
	memcpy(extend, extend_head, sizeof(extend_head));
	memset(extend + sizeof(extend_head), 0x5a, PCR_SIZE);
	check_equal("TPM start-up", command(startup, sizeof(startup)), 0);
	check_equal("PCR extended", command(extend, sizeof(extend)), 0);
	value_check("PCR at first");
	check_equal("PCR told", told, 1);
}

void tpm_work(void)
{
	for (unsigned int i = 0; present && i < 4; i++)
		value_check("PCR while attacked");
}

void tpm_judge(void)
{
	if (!present)
		return;
	value_check("PCR at the end");
	print("attacked: the TPM answered %u of 6 times\n", told);
}

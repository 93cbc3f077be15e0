/* SPDX-License-Identifier: MIT */
/* What TPM commands cost in instructions at VMPL0, ring 3 and the way there and
 * back included. Read by scripts/bench.py. */
#include "lib/str.h"
#include "tests/guest/machine.h"
#include "tests/guest/vtpm/vtpm.h"

#define ROUNDS 8u

struct command {
	const char *name;
	const uint8_t *bytes;
	uint32_t size;
	uint32_t rounds;
};

#define CC(n)	0, 0, 1, n
#define TAG	0x80, 1
#define SESSION 0x80, 2
#define OWNER	0x40, 0, 0, 1
/* Nine bytes of a session: a password, and that empty. */
#define AUTH	0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0
/* fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, restricted,
 * decrypt; no policy; AES-128 in CFB mode; no scheme. */
#define STORAGE 0, 3, 0, 0x72, 0, 0, 0, 6, 0, 128, 0, 0x43, 0, 0x10
#define TAIL	0, 0, 0, 0, 0, 0

static const uint8_t startup[] = { TAG, 0, 0, 0, 12, CC(0x44), 0, 0 };
static const uint8_t get_random[] = { TAG, 0, 0, 0, 12, CC(0x7b), 0, 16 };
static const uint8_t pcr_read[] = { TAG, 0, 0, 0,  20, CC(0x7e), 0, 0,
				    0,	 1, 0, 11, 3,  0,	 0, 1 };
static const uint8_t pcr_extend[65] = { SESSION, 0, 0, 0,  65,	 CC(0x82),
					0,	 0, 0, 16, AUTH, 0,
					0,	 0, 1, 0,  11 };
static const uint8_t self_test[] = { TAG, 0, 0, 0, 11, CC(0x43), 1 };
static const uint8_t primary_ecc[] = { SESSION, 0,    0,       0,  67, CC(0x31),
				       OWNER,	AUTH, 0,       4,  0,  0,
				       0,	0,    0,       26, 0,  0x23,
				       0,	11,   STORAGE, 0,  3,  0,
				       0x10,	0,    0,       0,  0,  TAIL };
static const uint8_t primary_rsa[] = {
	SESSION, 0, 0, 0, 67, CC(0x31), OWNER, AUTH, 0, 4, 0, 0, 0, 0, 0,
	26,	 0, 1, 0, 11, STORAGE,	8,     0,    0, 0, 0, 0, 0, 0, TAIL
};
static const uint8_t flush[] = { TAG, 0, 0, 0, 14, CC(0x65), 0x80, 0, 0, 0 };

static const struct command commands[] = {
	{ "tpm_get_random", get_random, sizeof(get_random), ROUNDS },
	{ "tpm_pcr_extend", pcr_extend, sizeof(pcr_extend), ROUNDS },
	{ "tpm_pcr_read", pcr_read, sizeof(pcr_read), ROUNDS },
	{ "tpm_self_test", self_test, sizeof(self_test), 1 },
	{ "tpm_primary_p256", primary_ecc, sizeof(primary_ecc), 1 },
	{ "tpm_primary_rsa", primary_rsa, sizeof(primary_rsa), 1 },
};

static void run(const char *name, const uint8_t *bytes, uint32_t size)
{
	uint32_t r = tpm(0, bytes, size);

	if (!r)
		return;
	print("bench: %s failed: 0x%x\n", name, r);
	machine_exit(2);
}

static void report(const char *name, uint64_t value)
{
	print("bench %s %llu\n", name, (unsigned long long)value);
}

static void measure(const struct command *c)
{
	uint64_t start;

	/* The first time pays for what the library makes once; keys do not
	 * come twice, since each has its own search for primes. */
	if (c->rounds > 1)
		run(c->name, c->bytes, c->size);
	start = meter_read(0);
	for (uint32_t i = 0; i < c->rounds; i++)
		run(c->name, c->bytes, c->size);
	report(c->name, (meter_read(0) - start) / c->rounds);
	if (c->bytes == primary_ecc || c->bytes == primary_rsa)
		run("flush", flush, sizeof(flush));
}

void bench(void)
{
	uint64_t start = meter_read(0);

	report("launch", start);
	run("startup", startup, sizeof(startup));
	report("tpm_startup", meter_read(0) - start);
	for (unsigned int i = 0; i < sizeof(commands) / sizeof(commands[0]);
	     i++)
		measure(&commands[i]);
}

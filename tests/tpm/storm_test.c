/* SPDX-License-Identifier: MIT */
/*
 * A storm of commands that are nearly right, from a seed, against the service:
 * each gets a well-formed answer in time, and the TPM works afterwards.
 * usage: storm_test [COUNT [SEED]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "abi/service.h"
#include "services/vtpm/wire.h"
#include "tests/tpm/client.h"
#include "tests/tpm/forge.h"

/* test-sources: tests/tpm/client.c tests/tpm/forge.c */
/* test-sources: tools/tpm-bridge/service.c services/vtpm/template.c */

#define COUNT_DEFAULT 100000u
#define EPOCH	      500u
#define TIMEOUT_MS    20000
#define CODE_FIRST    0x11fu
#define CODE_LAST     0x19au
#define CODES	      (CODE_LAST - CODE_FIRST + 1)

static uint64_t accepted, refused;
static bool seen[CODES];

static _Noreturn void fail(const struct client *c, uint64_t n, const char *why)
{
	printf("command %llu: %s\n", (unsigned long long)n, why);
	for (size_t i = 0; i < cursor_out_offset(&c->command); i++)
		printf("%02x", c->bytes[i]);
	printf("\n");
	exit(1);
}

/* The finished command, then perhaps damaged; returns its size. */
static uint32_t damage(struct client *c)
{
	uint32_t size = wire_end(&c->command);

	if (!size)
		size = (uint32_t)cursor_out_offset(&c->command);
	if (forge_one_in(10))
		size = forge_below(size + 1);
	if (forge_one_in(20) && size)
		c->bytes[forge_below(size)] ^= (uint8_t)(1u << forge_below(8));
	if (forge_one_in(100))
		size = forge_below(SYS_MESSAGE_MAX + 1);
	return size;
}

static void judge(struct client *c, uint64_t n, uint32_t command)
{
	const struct service_answer *a = &c->answer;
	struct cursor r = cursor_make(a->bytes, a->size);
	uint32_t tag = wire_get16(&r), size = wire_get32(&r);
	uint32_t code = wire_get32(&r);

	if (r.failed || size != a->size || a->size > VTPM_BUFFER_MAX)
		fail(c, n, "a response without form");
	if (tag != TPM_ST_NO_SESSIONS && tag != TPM_ST_SESSIONS && tag != 0xc4)
		fail(c, n, "a response with an unknown tag");
	if (code == TPM_RC_SUCCESS)
		accepted++;
	else
		refused++;
	if (code == TPM_RC_SUCCESS && command >= CODE_FIRST &&
	    command <= CODE_LAST)
		seen[command - CODE_FIRST] = true;
}

static void shoot(struct client *c, uint64_t n)
{
	uint32_t size, want, locality = forge_one_in(8) ? forge_below(6) : 0,
			     code;

	c->command = cursor_out_make(c->bytes, sizeof(c->bytes));
	forge_command(&c->command);
	size = damage(c);
	want = locality > VTPM_LOCALITY_MAX ? SERVICE_BAD_ARG
	       : size > VTPM_BUFFER_MAX	    ? SERVICE_BAD_SIZE
					    : SERVICE_OK;
	if (size > VTPM_BUFFER_MAX)
		want = SERVICE_BAD_SIZE;
	code = wire_code(c->bytes, size);
	if (client_ask(c, VTPM_OP_COMMAND, locality, c->bytes, size) != want)
		fail(c, n, "an unexpected result");
	if (want == SERVICE_OK)
		judge(c, n, code);
}

/* Power, and what persists of the damage, from the start again. */
static void renew(struct client *c, uint64_t n)
{
	if (client_ask(c, VTPM_OP_EK, forge_below(VTPM_EK_COUNT), NULL, 0) !=
	    SERVICE_OK)
		fail(c, n, "no endorsement key");
	if (client_ask(c, VTPM_OP_RESET, 0, NULL, 0) != SERVICE_OK ||
	    client_startup(c) != TPM_RC_SUCCESS)
		fail(c, n, "does not come back after a reset");
	client_hierarchy(c, TPM_CC_Clear, TPM_RH_PLATFORM);
	if (client_random(c, 16) != 16)
		fail(c, n, "gives no random bytes");
}

static unsigned int kinds(void)
{
	unsigned int n = 0;

	for (size_t i = 0; i < CODES; i++)
		n += seen[i];
	return n;
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : COUNT_DEFAULT;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	struct client c;

	forge_seed(seed);
	client_start(&c, NULL);
	c.service.timeout_ms = TIMEOUT_MS;
	for (uint64_t n = 0; n < count; n++) {
		if (n % EPOCH == 0)
			renew(&c, n);
		shoot(&c, n);
	}
	renew(&c, count);
	if (client_self_test(&c) != TPM_RC_SUCCESS)
		fail(&c, count, "does not pass its self test");
	client_end(&c);
	printf("%llu commands of seed %llu: %llu accepted, of %u kinds, "
	       "%llu refused; the TPM works\n",
	       (unsigned long long)count, (unsigned long long)seed,
	       (unsigned long long)accepted, kinds(),
	       (unsigned long long)refused);
	/* A storm that bounces off the door proves nothing. */
	return accepted * 50 > count && kinds() >= 20 ? 0 : 1;
}

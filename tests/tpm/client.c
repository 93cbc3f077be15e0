/* SPDX-License-Identifier: MIT */
/* The commands that tests need, and no more. */
#include "tests/tpm/client.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi/service.h"
#include "services/vtpm/ek.h"
#include "services/vtpm/template.h"
#include "services/vtpm/wire.h"

#define TIMEOUT_MS 60000

#define TPM_CC_SelfTest	  0x143u
#define TPM_CC_GetRandom  0x17bu
#define TPM_CC_PCR_Read	  0x17eu
#define TPM_CC_PCR_Extend 0x182u
#define TPM_ALG_SHA256	  0x000bu

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "client: %s\n", why);
	exit(1);
}

void client_start_as(struct client *c, char *const argv[])
{
	memset(c, 0, sizeof(*c));
	c->service.timeout_ms = TIMEOUT_MS;
	if (service_start(argv, &c->service) != OK)
		give_up("the service does not start");
}

void client_start(struct client *c, char *argument)
{
	const char *build = getenv("BUILD");
	char *filter = getenv("TPM_FILTER");
	char path[PATH_MAX];
	char *argv[] = { filter, path, argument, NULL };

	snprintf(path, sizeof(path), "%s/services/vtpm",
		 build ? build : "build");
	client_start_as(c, filter ? argv : argv + 1);
}

void client_end(struct client *c)
{
	service_end(&c->service);
}

uint32_t client_ask(struct client *c, uint32_t op, uint32_t arg,
		    const void *bytes, uint32_t size)
{
	if (service_ask(&c->service, op, arg, bytes, size, &c->answer) != OK)
		give_up("no answer");
	return c->answer.result;
}

struct cursor_out *client_begin(struct client *c, uint32_t tag, uint32_t code)
{
	c->command = cursor_out_make(c->bytes, sizeof(c->bytes));
	wire_begin(&c->command, tag, code);
	return &c->command;
}

uint32_t client_send(struct client *c)
{
	uint32_t size = wire_end(&c->command);

	if (client_ask(c, VTPM_OP_COMMAND, c->locality, c->bytes, size) !=
	    SERVICE_OK)
		give_up("the service refuses a command");
	c->response = cursor_make(c->answer.bytes, c->answer.size);
	cursor_skip(&c->response, TPM_HEADER_SIZE);
	return wire_code(c->answer.bytes, c->answer.size);
}

uint32_t client_startup(struct client *c)
{
	wire_put16(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_Startup), 0);
	return client_send(c);
}

uint32_t client_random(struct client *c, uint16_t size)
{
	wire_put16(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_GetRandom), size);
	return client_send(c) == TPM_RC_SUCCESS ? wire_get16(&c->response) : 0;
}

uint32_t client_self_test(struct client *c)
{
	cursor_out_u8(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_SelfTest), 1);
	return client_send(c);
}

uint32_t client_create_ek(struct client *c, enum vtpm_ek which,
			  uint32_t *handle, uint8_t *to, uint32_t *size)
{
	uint8_t template[EK_PUBLIC_MAX];
	struct cursor_out t = cursor_out_make(template, sizeof(template));
	struct cursor_out *out =
		client_begin(c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	uint32_t code;

	template_put(&t, which);
	wire_put32(out, TPM_RH_ENDORSEMENT);
	wire_empty_auth(out);
	wire_put16(out, 4);
	wire_put32(out, 0);
	wire_put16(out, (uint32_t)cursor_out_offset(&t));
	cursor_out_bytes(out, template, cursor_out_offset(&t));
	wire_put16(out, 0);
	wire_put32(out, 0);
	code = client_send(c);
	if (code != TPM_RC_SUCCESS)
		return code;
	*handle = wire_get32(&c->response);
	wire_get32(&c->response);
	*size = wire_get16(&c->response);
	if (*size > EK_PUBLIC_MAX)
		give_up("a public area of that size");
	cursor_bytes(&c->response, to, *size);
	return code;
}

uint32_t client_flush(struct client *c, uint32_t handle)
{
	wire_put32(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext),
		   handle);
	return client_send(c);
}

uint32_t client_extend(struct client *c, uint32_t pcr, const uint8_t digest[32])
{
	struct cursor_out *out =
		client_begin(c, TPM_ST_SESSIONS, TPM_CC_PCR_Extend);

	wire_put32(out, pcr);
	wire_empty_auth(out);
	wire_put32(out, 1);
	wire_put16(out, TPM_ALG_SHA256);
	cursor_out_bytes(out, digest, 32);
	return client_send(c);
}

uint32_t client_pcr(struct client *c, uint32_t pcr, uint8_t value[32])
{
	struct cursor_out *out =
		client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_PCR_Read);
	uint8_t select[3] = { 0 };
	uint32_t code;

	select[pcr / 8] = (uint8_t)(1u << pcr % 8);
	wire_put32(out, 1);
	wire_put16(out, TPM_ALG_SHA256);
	cursor_out_u8(out, sizeof(select));
	cursor_out_bytes(out, select, sizeof(select));
	code = client_send(c);
	/* Counter, selection as asked for, one digest. */
	cursor_skip(&c->response, 4 + 10 + 4 + 2);
	cursor_bytes(&c->response, value, 32);
	return code;
}

uint32_t client_hierarchy(struct client *c, uint32_t code, uint32_t hierarchy)
{
	struct cursor_out *out = client_begin(c, TPM_ST_SESSIONS, code);

	wire_put32(out, hierarchy);
	wire_empty_auth(out);
	return client_send(c);
}

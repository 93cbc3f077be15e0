/* SPDX-License-Identifier: MIT */
/* The vTPM service's own promises, message by message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "abi/service.h"
#include "services/vtpm/ek.h"
#include "services/vtpm/wire.h"
#include "tests/tpm/client.h"

/* test-sources: tests/tpm/client.c tools/tpm-bridge/service.c services/vtpm/template.c */

#define TPM_CC_HierarchyChangeAuth 0x129u
#define TPM_CC_NV_DefineSpace	   0x12au
#define TPM_CC_NV_ReadPublic	   0x169u
#define TPM_CC_ReadPublic	   0x173u
#define TPM_CC_StartAuthSession	   0x176u
#define TPM_CC_PolicyGetDigest	   0x189u
#define TPM_CC_PolicyPassword	   0x18cu
#define TPM_RC_INITIALIZE	   0x100u
#define TPM_RC_LOCALITY		   0x907u
#define TPM_RC_BAD_AUTH_1	   0x9a2u
#define TPM_RH_OWNER		   0x40000001u
#define TPM_RH_NULL		   0x40000007u
#define TPM_CAP_HANDLES		   1u
#define TPM_CAP_TPM_PROPERTIES	   6u
#define NV_INDEX		   0x01800010u

static const uint8_t digest[32] = { 1, 2, 3 };

static void begin(struct client *c)
{
	client_start(c, NULL);
	assert_int_equal(client_startup(c), 0);
}

/* Bytes of the client's own key and of the manifest are the same. */
static void expect_ek(struct client *c, enum vtpm_ek which)
{
	uint8_t own[EK_PUBLIC_MAX];
	uint32_t handle, size;

	assert_int_equal(client_create_ek(c, which, &handle, own, &size), 0);
	assert_int_equal(client_flush(c, handle), 0);
	assert_int_equal(client_ask(c, VTPM_OP_EK, which, NULL, 0), SERVICE_OK);
	assert_int_equal(c->answer.size, size);
	assert_memory_equal(c->answer.bytes, own, size);
}

static void refusals(void **state)
{
	static uint8_t bytes[SYS_MESSAGE_MAX];
	struct client c;

	(void)state;
	begin(&c);
	assert_int_equal(client_ask(&c, 0, 0, NULL, 0), SERVICE_BAD_OP);
	assert_int_equal(client_ask(&c, 4, 0, NULL, 0), SERVICE_BAD_OP);
	assert_int_equal(client_ask(&c, UINT32_MAX, 0, NULL, 0),
			 SERVICE_BAD_OP);
	assert_int_equal(client_ask(&c, VTPM_OP_EK, 3, NULL, 0),
			 SERVICE_BAD_ARG);
	assert_int_equal(client_ask(&c, VTPM_OP_EK, UINT32_MAX, NULL, 0),
			 SERVICE_BAD_ARG);
	assert_int_equal(client_ask(&c, VTPM_OP_EK, 0, bytes, 1),
			 SERVICE_BAD_SIZE);
	assert_int_equal(client_ask(&c, VTPM_OP_RESET, 0, bytes, 1),
			 SERVICE_BAD_SIZE);
	assert_int_equal(client_ask(&c, VTPM_OP_RESET, 1, NULL, 0),
			 SERVICE_BAD_ARG);
	assert_int_equal(client_ask(&c, VTPM_OP_COMMAND, 5, bytes, 10),
			 SERVICE_BAD_ARG);
	assert_int_equal(client_ask(&c, VTPM_OP_COMMAND, 0, bytes, 4088),
			 SERVICE_BAD_SIZE);
	assert_int_equal(client_ask(&c, VTPM_OP_COMMAND, 0, bytes, 4096),
			 SERVICE_BAD_SIZE);
	/* Refusals carry no bytes, and nothing was lost by them. */
	assert_int_equal(c.answer.size, 0);
	assert_int_equal(client_random(&c, 16), 16);
	client_end(&c);
}

/* Larger than any page: refused, and the next message is understood. */
static void oversize(void **state)
{
	static const uint32_t sizes[] = { 4097, 5000, 1u << 20 };
	static uint8_t bytes[1u << 20];
	struct client c;

	(void)state;
	begin(&c);
	for (size_t i = 0; i < 3; i++) {
		struct sys_message m = { .op = 1, .size = sizes[i] };

		assert_int_equal(write(c.service.fd, &m, sizeof(m)), sizeof(m));
		assert_int_equal(write(c.service.fd, bytes, sizes[i]),
				 sizes[i]);
		assert_int_equal(read(c.service.fd, &m, sizeof(m)), sizeof(m));
		assert_int_equal(m.op, 1);
		assert_int_equal(m.result, SERVICE_BAD_SIZE);
		assert_int_equal(m.size, 0);
	}
	assert_int_equal(client_random(&c, 16), 16);
	client_end(&c);
}

static uint32_t capability(struct client *c, uint32_t kind, uint32_t property,
			   uint32_t count)
{
	struct cursor_out *out =
		client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);

	wire_put32(out, kind);
	wire_put32(out, property);
	wire_put32(out, count);
	return client_send(c);
}

/* Nobody has been here: no startup, no object, no extend, no reset counted. */
static void virgin(void **state)
{
	uint8_t value[32], zero[32] = { 0 };
	struct client c;

	(void)state;
	client_start(&c, NULL);
	assert_int_equal(client_pcr(&c, 0, value), TPM_RC_INITIALIZE);
	assert_int_equal(client_startup(&c), 0);
	assert_int_equal(client_startup(&c), TPM_RC_INITIALIZE);
	for (uint32_t pcr = 0; pcr < 16; pcr++) {
		assert_int_equal(client_pcr(&c, pcr, value), 0);
		assert_memory_equal(value, zero, 32);
	}
	for (uint32_t first = 0x80000000u; first <= 0x81000000u;
	     first += 0x01000000u) {
		assert_int_equal(capability(&c, TPM_CAP_HANDLES, first, 8), 0);
		cursor_skip(&c.response, 5);
		assert_int_equal(wire_get32(&c.response), 0);
	}
	client_end(&c);
}

static void manifest(void **state)
{
	struct client c;

	(void)state;
	begin(&c);
	for (uint32_t i = 0; i < VTPM_EK_COUNT; i++)
		expect_ek(&c, i);
	client_end(&c);
}

/* Whoever owns the hierarchy may set its password; 4 bytes, all zero or not. */
static void set_endorsement_auth(struct client *c)
{
	struct cursor_out *out =
		client_begin(c, TPM_ST_SESSIONS, TPM_CC_HierarchyChangeAuth);

	wire_put32(out, TPM_RH_ENDORSEMENT);
	wire_empty_auth(out);
	wire_put16(out, 4);
	wire_put32(out, 0x31323334);
	assert_int_equal(client_send(c), 0);
}

/* A policy session in which PolicyPassword was said; its handle. */
static uint32_t start_policy(struct client *c)
{
	struct cursor_out *out =
		client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_StartAuthSession);
	uint32_t handle;

	wire_put32(out, TPM_RH_NULL);
	wire_put32(out, TPM_RH_NULL);
	wire_put16(out, 16);
	cursor_out_take(out, 16);
	wire_put16(out, 0);
	cursor_out_u8(out, 1);	  /* policy */
	wire_put16(out, 0x0010u); /* no encryption */
	wire_put16(out, 0x000bu); /* SHA-256 */
	assert_int_equal(client_send(c), 0);
	handle = wire_get32(&c->response);
	wire_put32(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyPassword),
		   handle);
	assert_int_equal(client_send(c), 0);
	return handle;
}

static void policy_digest(struct client *c, uint32_t handle, uint8_t to[32])
{
	wire_put32(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_PolicyGetDigest),
		   handle);
	assert_int_equal(client_send(c), 0);
	assert_int_equal(wire_get16(&c->response), 32);
	cursor_bytes(&c->response, to, 32);
}

static uint32_t has_object(struct client *c, uint32_t handle)
{
	wire_put32(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_ReadPublic),
		   handle);
	return client_send(c);
}

/* Everything that lives in a TPM between two commands. */
struct life {
	uint32_t objects[3], session;
	uint8_t pcr[32], policy[32];
};

static void life_begin(struct client *c, struct life *l)
{
	uint8_t area[EK_PUBLIC_MAX];
	uint32_t size;

	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(client_create_ek(c, VTPM_EK_P256,
						  &l->objects[i], area, &size),
				 0);
	l->session = start_policy(c);
	policy_digest(c, l->session, l->policy);
	assert_int_equal(client_extend(c, 16, digest), 0);
	assert_int_equal(client_pcr(c, 16, l->pcr), 0);
	set_endorsement_auth(c);
}

static void life_goes_on(struct client *c, const struct life *l)
{
	uint8_t value[EK_PUBLIC_MAX];
	uint32_t size, handle;

	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(has_object(c, l->objects[i]), 0);
	policy_digest(c, l->session, value);
	assert_memory_equal(value, l->policy, 32);
	assert_int_equal(client_pcr(c, 16, value), 0);
	assert_memory_equal(value, l->pcr, 32);
	/* All places are taken, and the password is asked for. */
	assert_int_equal(client_create_ek(c, VTPM_EK_P256, &handle, value,
					  &size),
			 TPM_RC_BAD_AUTH_1);
	assert_int_equal(client_random(c, 16), 16);
}

/* The manifest is derived again while the client's TPM is full of life. */
static void change_eps(void **state)
{
	static uint8_t before[VTPM_EK_COUNT][EK_PUBLIC_MAX];
	uint32_t size[VTPM_EK_COUNT];
	struct client c;
	struct life life;

	(void)state;
	begin(&c);
	for (uint32_t i = 0; i < VTPM_EK_COUNT; i++) {
		client_ask(&c, VTPM_OP_EK, i, NULL, 0);
		size[i] = c.answer.size;
		memcpy(before[i], c.answer.bytes, size[i]);
	}
	assert_int_equal(
		client_hierarchy(&c, TPM_CC_ChangeEPS, TPM_RH_PLATFORM), 0);
	life_begin(&c, &life);
	for (uint32_t i = 0; i < VTPM_EK_COUNT; i++) {
		assert_int_equal(client_ask(&c, VTPM_OP_EK, i, NULL, 0),
				 SERVICE_OK);
		assert_int_equal(c.answer.size, size[i]);
		assert_memory_not_equal(c.answer.bytes, before[i], size[i]);
	}
	life_goes_on(&c, &life);
	/* A clear takes the password away; then the client sees the same. */
	assert_int_equal(client_hierarchy(&c, TPM_CC_Clear, TPM_RH_PLATFORM),
			 0);
	for (uint32_t i = 0; i < VTPM_EK_COUNT; i++)
		expect_ek(&c, i);
	client_end(&c);
}

/* Not started yet, and started: it is derived again in either state. */
static void change_and_reset(void **state)
{
	struct client c;

	(void)state;
	begin(&c);
	assert_int_equal(
		client_hierarchy(&c, TPM_CC_ChangeEPS, TPM_RH_PLATFORM), 0);
	assert_int_equal(client_ask(&c, VTPM_OP_RESET, 0, NULL, 0), SERVICE_OK);
	assert_int_equal(client_ask(&c, VTPM_OP_EK, 1, NULL, 0), SERVICE_OK);
	assert_int_equal(client_random(&c, 16), 0);
	assert_int_equal(client_startup(&c), 0);
	expect_ek(&c, VTPM_EK_P256);
	client_end(&c);
}

static void define_nv(struct client *c)
{
	struct cursor_out *out =
		client_begin(c, TPM_ST_SESSIONS, TPM_CC_NV_DefineSpace);

	wire_put32(out, TPM_RH_OWNER);
	wire_empty_auth(out);
	wire_put16(out, 0); /* no authorization value */
	wire_put16(out, 14);
	wire_put32(out, NV_INDEX);
	wire_put16(out, 0x000bu);
	wire_put32(out, 0x00040004u); /* AUTHREAD, AUTHWRITE */
	wire_put16(out, 0);
	wire_put16(out, 8);
	assert_int_equal(client_send(c), 0);
}

static uint32_t nv_public(struct client *c)
{
	wire_put32(client_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_NV_ReadPublic),
		   NV_INDEX);
	return client_send(c);
}

static void power_cycle(void **state)
{
	uint8_t value[32], zero[32] = { 0 };
	struct client c;

	(void)state;
	begin(&c);
	define_nv(&c);
	assert_int_equal(client_extend(&c, 7, digest), 0);
	/* What is cleared in the copy must not be the NV that comes back. */
	assert_int_equal(
		client_hierarchy(&c, TPM_CC_ChangeEPS, TPM_RH_PLATFORM), 0);
	assert_int_equal(client_ask(&c, VTPM_OP_EK, 0, NULL, 0), SERVICE_OK);
	assert_int_equal(nv_public(&c), 0);
	assert_int_equal(client_ask(&c, VTPM_OP_RESET, 0, NULL, 0), SERVICE_OK);
	assert_int_equal(c.answer.size, 0);
	assert_int_equal(client_pcr(&c, 7, value), TPM_RC_INITIALIZE);
	assert_int_equal(client_startup(&c), 0);
	assert_int_equal(client_pcr(&c, 7, value), 0);
	assert_memory_equal(value, zero, 32);
	assert_int_equal(nv_public(&c), 0);
	expect_ek(&c, VTPM_EK_P256);
	client_end(&c);
}

static void localities(void **state)
{
	struct client c;

	(void)state;
	begin(&c);
	/* PCR 18 is the dynamic launch's, of localities 3 and up, or 2. */
	assert_int_equal(client_extend(&c, 18, digest), TPM_RC_LOCALITY);
	c.locality = 2;
	assert_int_equal(client_extend(&c, 18, digest), 0);
	c.locality = 0;
	assert_int_equal(client_extend(&c, 18, digest), TPM_RC_LOCALITY);
	client_end(&c);
}

/* Started again, it never looks like the TPM that was there before. */
static void failure_mode(void **state)
{
	static char *const words[] = { "restarts=1", "restarts=4294967296",
				       "restarts=00", "restarts=", "nonsense" };
	uint8_t area[EK_PUBLIC_MAX];
	uint32_t handle, size;
	struct client c;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		client_start(&c, words[i]);
		assert_int_equal(client_startup(&c), TPM_RC_FAILURE);
		assert_int_equal(client_random(&c, 16), 0);
		assert_int_equal(client_create_ek(&c, 1, &handle, area, &size),
				 TPM_RC_FAILURE);
		assert_int_equal(client_ask(&c, VTPM_OP_EK, 0, NULL, 0),
				 SERVICE_FAILED);
		assert_int_equal(client_ask(&c, VTPM_OP_RESET, 0, NULL, 0),
				 SERVICE_FAILED);
		assert_int_equal(client_startup(&c), TPM_RC_FAILURE);
		client_end(&c);
	}
	client_start(&c, "restarts=0");
	assert_int_equal(client_startup(&c), 0);
	client_end(&c);
}

/* Even to no command at all there is a response: never silent. */
static void failure_answers(void **state)
{
	static const uint8_t bytes[SYS_MESSAGE_MAX] = { 0x80, 0x01 };
	struct client c;

	(void)state;
	client_start(&c, "restarts=1");
	for (uint32_t size = 0; size <= VTPM_BUFFER_MAX; size++) {
		assert_int_equal(client_ask(&c, VTPM_OP_COMMAND, 0, bytes,
					    size),
				 SERVICE_OK);
		assert_int_equal(c.answer.size, TPM_HEADER_SIZE);
		assert_int_equal(wire_code(c.answer.bytes, c.answer.size),
				 TPM_RC_FAILURE);
	}
	client_begin(&c, TPM_ST_NO_SESSIONS, TPM_CC_GetTestResult);
	assert_int_equal(client_send(&c), 0);
	assert_int_equal(wire_get16(&c.response), 0);
	assert_int_equal(wire_get32(&c.response), TPM_RC_FAILURE);
	assert_false(c.response.failed);
	client_end(&c);
}

/* What the failed TPM says of its maker is what the healthy one says. */
static void failure_properties(void **state)
{
	struct client good, bad;

	(void)state;
	begin(&good);
	client_start(&bad, "restarts=1");
	for (uint32_t p = 0x105; p <= 0x10a; p++) {
		uint32_t value[2];

		assert_int_equal(
			capability(&good, TPM_CAP_TPM_PROPERTIES, p, 1), 0);
		cursor_skip(&good.response, 9);
		value[0] = wire_get32(&good.response);
		value[1] = wire_get32(&good.response);
		assert_int_equal(capability(&bad, TPM_CAP_TPM_PROPERTIES, p, 1),
				 0);
		cursor_skip(&bad.response, 5);
		assert_int_equal(wire_get32(&bad.response), 1);
		assert_int_equal(wire_get32(&bad.response), value[0]);
		assert_int_equal(value[0], p);
		assert_int_equal(wire_get32(&bad.response), value[1]);
	}
	assert_int_equal(capability(&bad, TPM_CAP_TPM_PROPERTIES, 0x10b, 1), 0);
	cursor_skip(&bad.response, 5);
	assert_int_equal(wire_get32(&bad.response), 0);
	assert_int_equal(capability(&bad, TPM_CAP_HANDLES, 0x80000000u, 1),
			 TPM_RC_FAILURE);
	client_end(&good);
	client_end(&bad);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(oversize),
		cmocka_unit_test(virgin),
		cmocka_unit_test(manifest),
		cmocka_unit_test(change_eps),
		cmocka_unit_test(change_and_reset),
		cmocka_unit_test(power_cycle),
		cmocka_unit_test(localities),
		cmocka_unit_test(failure_mode),
		cmocka_unit_test(failure_answers),
		cmocka_unit_test(failure_properties),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

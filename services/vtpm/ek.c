/* SPDX-License-Identifier: MIT */
/*
 * The keys are derived in a copy of the TPM, so the client's finds its three
 * object slots, its sessions and its hierarchies as it left them, whatever
 * authorization it has set.
 */
#include "services/vtpm/ek.h"

#include <string.h>

#include "abi/sys.h"
#include "services/base/log.h"
#include "services/vtpm/template.h"
#include "services/vtpm/tpm.h"
#include "services/vtpm/wire.h"

struct public_area {
	uint32_t size; /* 0: not derived */
	uint8_t bytes[EK_PUBLIC_MAX];
};

static struct public_area keys[VTPM_EK_COUNT];
static bool stale;

/* Runs the command written so far; the response is in the same page. */
static bool run(struct cursor_out *c, struct cursor *response)
{
	uint32_t size = wire_end(c);

	if (!size)
		return false;
	size = tpm_command(c->start, size, 0);
	*response = cursor_make(c->start, size);
	cursor_skip(response, TPM_HEADER_SIZE);
	return wire_code(c->start, size) == TPM_RC_SUCCESS && !response->failed;
}

static bool startup(uint8_t *page)
{
	struct cursor_out c = cursor_out_make(page, SYS_MESSAGE_MAX);
	struct cursor response;

	wire_begin(&c, TPM_ST_NO_SESSIONS, TPM_CC_Startup);
	wire_put16(&c, 0); /* TPM_SU_CLEAR */
	return run(&c, &response);
}

/*
 * The client may have set an endorsement authorization that we do not know.
 * Clear by the platform, whose authorization is empty after Startup, removes
 * it, and leaves the endorsement seed alone; in the copy nobody misses the rest.
 */
static bool clear(uint8_t *page)
{
	struct cursor_out c = cursor_out_make(page, SYS_MESSAGE_MAX);
	struct cursor response;

	wire_begin(&c, TPM_ST_SESSIONS, TPM_CC_ClearControl);
	wire_put32(&c, TPM_RH_PLATFORM);
	wire_empty_auth(&c);
	cursor_out_u8(&c, 0); /* Clear is not disabled */
	if (!run(&c, &response))
		return false;
	c = cursor_out_make(page, SYS_MESSAGE_MAX);
	wire_begin(&c, TPM_ST_SESSIONS, TPM_CC_Clear);
	wire_put32(&c, TPM_RH_PLATFORM);
	wire_empty_auth(&c);
	return run(&c, &response);
}

static void put_create(struct cursor_out *c, enum vtpm_ek which)
{
	uint8_t template[EK_PUBLIC_MAX];
	struct cursor_out t = cursor_out_make(template, sizeof(template));
	size_t size;

	template_put(&t, which);
	size = cursor_out_offset(&t);
	wire_begin(c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	wire_put32(c, TPM_RH_ENDORSEMENT);
	wire_empty_auth(c);
	wire_put16(c, 4); /* sensitive: no authorization value, no data */
	wire_put32(c, 0);
	wire_put16(c, (uint32_t)size);
	cursor_out_bytes(c, template, size);
	wire_put16(c, 0); /* outside data */
	wire_put32(c, 0); /* PCR selection */
}

static bool flush(uint8_t *page, uint32_t handle)
{
	struct cursor_out c = cursor_out_make(page, SYS_MESSAGE_MAX);
	struct cursor response;

	wire_begin(&c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);
	wire_put32(&c, handle);
	return run(&c, &response);
}

static bool derive(uint8_t *page, enum vtpm_ek which, struct public_area *out)
{
	struct cursor_out c = cursor_out_make(page, SYS_MESSAGE_MAX);
	struct cursor response;
	uint32_t handle;

	put_create(&c, which);
	if (!run(&c, &response))
		return false;
	handle = wire_get32(&response);
	cursor_skip(&response, sizeof(uint32_t)); /* size of parameters */
	out->size = wire_get16(&response);
	if (out->size > sizeof(out->bytes))
		return false;
	cursor_bytes(&response, out->bytes, out->size);
	return !response.failed && out->size && flush(page, handle);
}

static bool derive_all(struct public_area fresh[VTPM_EK_COUNT])
{
	uint8_t page[SYS_MESSAGE_MAX];

	if (!startup(page) || !clear(page))
		return false;
	for (uint32_t i = 0; i < VTPM_EK_COUNT; i++)
		if (!derive(page, i, &fresh[i]))
			return false;
	return true;
}

/* All of them or none, so that no two are of different seeds. */
static enum err refresh(void)
{
	struct public_area fresh[VTPM_EK_COUNT] = { 0 };
	enum err e = tpm_copy_begin();
	bool good;

	if (e != OK)
		return e;
	good = derive_all(fresh);
	tpm_copy_end();
	if (!good)
		return ERR_STATE;
	memcpy(keys, fresh, sizeof(keys));
	stale = false;
	return OK;
}

void ek_init(void)
{
	if (refresh() != OK)
		log_die("vtpm: no endorsement keys");
}

void ek_note(uint32_t command_code, uint32_t response_code)
{
	if (response_code == TPM_RC_SUCCESS &&
	    (command_code == TPM_CC_ChangeEPS || command_code == TPM_CC_Clear))
		stale = true;
}

enum err ek_public(uint32_t which, uint8_t *to, uint32_t *size)
{
	if (which >= VTPM_EK_COUNT)
		return ERR_RANGE;
	/* A key that is no longer this TPM's must not be vouched for. */
	if (stale && refresh() != OK)
		return ERR_STATE;
	memcpy(to, keys[which].bytes, keys[which].size);
	*size = keys[which].size;
	return OK;
}

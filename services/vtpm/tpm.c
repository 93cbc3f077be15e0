/* SPDX-License-Identifier: MIT */
/* The one caller of the TPM library. */
#include "services/vtpm/tpm.h"

#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>
#include <libtpms/tpm_memory.h>
#include <stdlib.h>
#include <string.h>

#include "abi/sys.h"
#include "abi/vtpm_service.h"
#include "services/base/log.h"
#include "services/vtpm/nv.h"

struct state {
	unsigned char *bytes; /* the library's memory, owned */
	uint32_t size;
};

static uint32_t locality_now;
/* The first TPM while the second works: what it keeps, and what it does not. */
static struct state aside_permanent, aside_volatile;

/* The library's buffer for responses; it may move it. */
static unsigned char *response;
static uint32_t response_room;

static TPM_RESULT io_init(void)
{
	return TPM_SUCCESS;
}

static TPM_RESULT io_locality(TPM_MODIFIER_INDICATOR *locality, uint32_t tpm)
{
	(void)tpm;
	*locality = locality_now;
	return TPM_SUCCESS;
}

/* A virtual machine has no button that a person could press. */
static TPM_RESULT io_presence(TPM_BOOL *present, uint32_t tpm)
{
	(void)tpm;
	*present = FALSE;
	return TPM_SUCCESS;
}

static struct libtpms_callbacks callbacks = {
	.sizeOfStruct = sizeof(callbacks),
	.tpm_nvram_init = nv_init,
	.tpm_nvram_loaddata = nv_load,
	.tpm_nvram_storedata = nv_store,
	.tpm_nvram_deletename = nv_delete,
	.tpm_io_init = io_init,
	.tpm_io_getlocality = io_locality,
	.tpm_io_getphysicalpresence = io_presence,
};

static void power_on(void)
{
	TPM_RESULT e = TPMLIB_MainInit();

	if (e != TPM_SUCCESS)
		log_die("vtpm: the TPM does not start: %#x", (unsigned int)e);
}

void tpm_start(void)
{
	uint32_t size;

	if (TPMLIB_ChooseTPMVersion(TPMLIB_TPM_VERSION_2) != TPM_SUCCESS ||
	    TPMLIB_RegisterCallbacks(&callbacks) != TPM_SUCCESS)
		log_die("vtpm: the TPM library refuses its callbacks");
	size = TPMLIB_SetBufferSize(VTPM_BUFFER_MAX, NULL, NULL);
	if (size != VTPM_BUFFER_MAX)
		log_die("vtpm: buffer of %u bytes", size);
	power_on();
}

void tpm_reset(void)
{
	TPMLIB_Terminate();
	power_on();
}

/* The command is a copy of ours already; the response may hold secrets. */
uint32_t tpm_command(uint8_t *page, uint32_t size, uint32_t locality)
{
	uint32_t answer = 0;
	TPM_RESULT e;

	locality_now = locality;
	e = TPMLIB_Process(&response, &answer, &response_room, page, size);
	if (e != TPM_SUCCESS || answer > SYS_MESSAGE_MAX || !answer)
		log_die("vtpm: no response: %#x, %u bytes", (unsigned int)e,
			answer);
	memcpy(page, response, answer);
	explicit_bzero(response, answer);
	return answer;
}

static void state_drop(struct state *s)
{
	if (s->bytes)
		explicit_bzero(s->bytes, s->size);
	free(s->bytes);
	*s = (struct state){ 0 };
}

enum err tpm_copy_begin(void)
{
	struct state *p = &aside_permanent, *v = &aside_volatile;

	if (TPMLIB_GetState(TPMLIB_STATE_PERMANENT, &p->bytes, &p->size) !=
		    TPM_SUCCESS ||
	    TPMLIB_GetState(TPMLIB_STATE_VOLATILE, &v->bytes, &v->size) !=
		    TPM_SUCCESS) {
		state_drop(p);
		state_drop(v);
		return ERR_STATE;
	}
	TPMLIB_Terminate();
	nv_copy_begin();
	power_on();
	return OK;
}

void tpm_copy_end(void)
{
	const struct state *p = &aside_permanent, *v = &aside_volatile;

	TPMLIB_Terminate();
	nv_copy_end();
	/* Half a TPM would be another one: all of it comes back, or we end. */
	if (TPMLIB_SetState(TPMLIB_STATE_PERMANENT, p->bytes, p->size) !=
		    TPM_SUCCESS ||
	    TPMLIB_SetState(TPMLIB_STATE_VOLATILE, v->bytes, v->size) !=
		    TPM_SUCCESS)
		log_die("vtpm: the TPM's state does not go back");
	power_on();
	state_drop(&aside_permanent);
	state_drop(&aside_volatile);
}

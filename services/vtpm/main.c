/* SPDX-License-Identifier: MIT */
/* The vTPM service: a TPM 2.0 for the guest, in ring 3. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/sys.h"
#include "abi/vtpm_service.h"
#include "lib/version.h"
#include "services/base/log.h"
#include "services/base/loop.h"
#include "services/vtpm/ek.h"
#include "services/vtpm/entropy.h"
#include "services/vtpm/failure.h"
#include "services/vtpm/tpm.h"
#include "services/vtpm/wire.h"

_Static_assert(EK_PUBLIC_MAX <= SYS_MESSAGE_MAX, "a key fits into a page");

static enum service_result command(struct service_request *r)
{
	uint32_t code = wire_code(r->page, r->size);

	if (r->arg > VTPM_LOCALITY_MAX)
		return SERVICE_BAD_ARG;
	r->answer = tpm_command(r->page, r->size, r->arg);
	ek_note(code, wire_code(r->page, r->answer));
	return SERVICE_OK;
}

static enum service_result ek(struct service_request *r)
{
	enum err e = ek_public(r->arg, r->page, &r->answer);

	if (e == ERR_RANGE)
		return SERVICE_BAD_ARG;
	return e == OK ? SERVICE_OK : SERVICE_FAILED;
}

static enum service_result reset(struct service_request *r)
{
	if (r->arg)
		return SERVICE_BAD_ARG;
	tpm_reset();
	return SERVICE_OK;
}

static const struct service_call calls[] = {
	[VTPM_OP_COMMAND] = { command, VTPM_BUFFER_MAX },
	[VTPM_OP_EK] = { ek, 0 },
	[VTPM_OP_RESET] = { reset, 0 },
};

static enum service_result failed_command(struct service_request *r)
{
	if (r->arg > VTPM_LOCALITY_MAX)
		return SERVICE_BAD_ARG;
	r->answer = failure_command(r->page, r->size);
	return SERVICE_OK;
}

static enum service_result failed(struct service_request *r)
{
	(void)r;
	return SERVICE_FAILED;
}

/* No key is vouched for, and no reset mends it. */
static const struct service_call failed_calls[] = {
	[VTPM_OP_COMMAND] = { failed_command, VTPM_BUFFER_MAX },
	[VTPM_OP_EK] = { failed, 0 },
	[VTPM_OP_RESET] = { failed, 0 },
};

/* Was there a TPM before us? A word that we do not know counts as yes. */
static bool is_first(int argc, char **argv)
{
	if (argc < 2)
		return true;
	return argc == 2 && strcmp(argv[1], VTPM_RESTARTS "0") == 0;
}

int main(int argc, char **argv)
{
	/* As a process of your computer; the kernel never says this. */
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		dprintf(STDOUT_FILENO, "vtpm (Coir) %s\n", coir_version);
		return 0;
	}
	if (!is_first(argc, argv)) {
		log_say("vtpm: started again: the TPM is in failure mode");
		loop_run(failed_calls,
			 sizeof(failed_calls) / sizeof(failed_calls[0]));
	}
	entropy_init();
	tpm_start();
	ek_init();
	loop_run(calls, sizeof(calls) / sizeof(calls[0]));
}

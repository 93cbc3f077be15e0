/* SPDX-License-Identifier: MIT */
/*
 * The TCP protocol of the Microsoft TPM simulator, as tss2-tcti-mssim speaks
 * it: numbers are big endian, each request ends with an acknowledgement.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tools/tpm-bridge/service.h"

/* Longest request: number, locality, size, command. */
#define SIMULATOR_INPUT_MAX  (4u + 1u + 4u + 4087u)
#define SIMULATOR_OUTPUT_MAX (4u + SYS_MESSAGE_MAX + 4u)

struct simulator {
	struct service *service;
	bool powered; /* commands are answered with nothing while off */
	bool used;    /* something was asked since the last power-on */
};

enum simulator_port { SIMULATOR_COMMAND, SIMULATOR_PLATFORM };

enum simulator_verdict {
	SIMULATOR_MORE,	  /* the request is not complete yet */
	SIMULATOR_DONE,	  /* served: send the output */
	SIMULATOR_CLOSE,  /* the client said goodbye, or broke the protocol */
	SIMULATOR_STOP,	  /* a client asked that the simulator end */
	SIMULATOR_BROKEN, /* the service is gone */
};

struct simulator_step {
	size_t used; /* bytes of input that the request took */
	size_t size; /* bytes of output */
	uint8_t output[SIMULATOR_OUTPUT_MAX];
};

/* Serves the first request of `size` bytes of input. */
enum simulator_verdict simulator_serve(struct simulator *s,
				       enum simulator_port port,
				       const uint8_t *input, size_t size,
				       struct simulator_step *step);

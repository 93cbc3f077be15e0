/* SPDX-License-Identifier: MIT */
/*
 * A client's bytes into tpm-bridge, cut into pieces that the first byte chooses,
 * before a service whose answers are bytes of the same input.
 */
/* test-sources: tools/tpm-bridge/simulator.c lib/str.c tools/common/say.c */
#include "tools/tpm-bridge/simulator.h"

#include <stdlib.h>
#include <string.h>

#include "abi/vtpm_service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t input_size;
static uint32_t asked;

static void insist(bool condition)
{
	if (!condition)
		abort();
}

/* What reaches the service is what its contract says, whatever the client. */
enum err service_ask(struct service *s, uint32_t op, uint32_t arg,
		     const void *bytes, uint32_t size,
		     struct service_answer *answer)
{
	(void)s;
	insist(op == VTPM_OP_COMMAND || op == VTPM_OP_RESET);
	insist(size <= VTPM_BUFFER_MAX && arg <= UINT8_MAX);
	insist(op == VTPM_OP_COMMAND || (!size && !arg));
	/* Reads every byte, so that a sanitizer sees those that are not there. */
	for (uint32_t i = 0; i < size; i++)
		asked += ((const uint8_t *)bytes)[i];
	answer->result = asked % 5 == 4;
	answer->size = asked % (SYS_MESSAGE_MAX + 1);
	if (answer->size > input_size)
		answer->size = (uint32_t)input_size;
	memcpy(answer->bytes, input, answer->size);
	return asked % 11 == 10 ? ERR_HOST : OK;
}

/* The same rules as the server's: a buffer, whole requests taken from it. */
static bool serve(struct simulator *s, enum simulator_port port,
		  uint8_t *buffer, size_t *held)
{
	static struct simulator_step step;

	for (;;) {
		enum simulator_verdict v =
			simulator_serve(s, port, buffer, *held, &step);

		insist(step.used <= *held && step.size <= sizeof(step.output));
		if (v == SIMULATOR_MORE)
			/* There is room for the rest: nobody waits for ever. */
			insist(*held < SIMULATOR_INPUT_MAX);
		if (v != SIMULATOR_DONE)
			return v == SIMULATOR_MORE;
		insist(step.used >= 4 && step.size >= 4);
		*held -= step.used;
		memmove(buffer, buffer + step.used, *held);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buffer[SIMULATOR_INPUT_MAX];
	struct service service = { .fd = -1 };
	struct simulator s = { .service = &service };
	size_t held = 0, piece;

	if (size < 2)
		return 0;
	piece = 1 + data[0];
	input = data;
	input_size = size;
	asked = 0;
	for (size_t at = 2; at < size;) {
		size_t n = size - at < piece ? size - at : piece;

		if (n > sizeof(buffer) - held)
			n = sizeof(buffer) - held;
		memcpy(buffer + held, data + at, n);
		held += n;
		at += n;
		if (!serve(&s, data[1] & 1, buffer, &held))
			return 0;
	}
	return 0;
}

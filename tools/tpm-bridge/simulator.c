/* SPDX-License-Identifier: MIT */
/* Requests of a client, one at a time; nothing here knows of sockets. */
#include "tools/tpm-bridge/simulator.h"

#include "abi/service.h"
#include "abi/vtpm_service.h"
#include "lib/cursor.h"
#include "tools/common/args.h"
#include "tools/common/say.h"

enum request {
	TPM_SIGNAL_POWER_ON = 1,
	TPM_SIGNAL_POWER_OFF = 2,
	TPM_SIGNAL_PHYS_PRES_OFF = 4,
	TPM_SEND_COMMAND = 8,
	TPM_SIGNAL_CANCEL_ON = 9,
	TPM_SIGNAL_CANCEL_OFF = 10,
	TPM_SIGNAL_NV_ON = 11,
	TPM_REMOTE_HANDSHAKE = 15,
	TPM_SIGNAL_RESET = 17,
	TPM_SIGNAL_RESTART = 18,
	TPM_SESSION_END = 20,
	TPM_STOP = 21,
	TPM_REQUESTS
};

/* What a handshake promises: platform requests are taken. */
#define SERVER_VERSION	   1u
#define PLATFORM_AVAILABLE 1u

#define REFUSED 1u

/* A request while it is read and answered. */
struct talk {
	struct simulator *s;
	struct cursor in;
	struct cursor_out out;
};

static uint32_t get32(struct cursor *c)
{
	return __builtin_bswap32(cursor_u32(c));
}

static void put32(struct cursor_out *c, uint32_t v)
{
	cursor_out_u32(c, __builtin_bswap32(v));
}

static enum simulator_verdict acknowledge(struct talk *t)
{
	put32(&t->out, 0);
	return SIMULATOR_DONE;
}

/* A fresh service is powered on already; one that was off starts anew. */
static enum simulator_verdict reset(struct talk *t)
{
	struct service_answer answer;

	if (service_ask(t->s->service, VTPM_OP_RESET, 0, NULL, 0, &answer) !=
	    OK)
		return SIMULATOR_BROKEN;
	put32(&t->out, answer.result == SERVICE_OK ? 0 : REFUSED);
	return SIMULATOR_DONE;
}

/* Every client says this; only after power-off does it mean something. */
static enum simulator_verdict power_on(struct talk *t)
{
	if (t->s->powered)
		return acknowledge(t);
	t->s->powered = true;
	return t->s->used ? reset(t) : acknowledge(t);
}

static enum simulator_verdict power_off(struct talk *t)
{
	t->s->powered = false;
	t->s->used = true;
	return acknowledge(t);
}

static enum simulator_verdict signal_reset(struct talk *t)
{
	return t->s->powered ? reset(t) : acknowledge(t);
}

static enum simulator_verdict handshake(struct talk *t)
{
	get32(&t->in); /* the client's version: all are alike so far */
	if (t->in.failed)
		return SIMULATOR_MORE;
	put32(&t->out, SERVER_VERSION);
	put32(&t->out, PLATFORM_AVAILABLE);
	return acknowledge(t);
}

static enum simulator_verdict forward(struct talk *t, uint32_t locality,
				      const uint8_t *command, uint32_t size)
{
	struct service_answer answer;

	if (service_ask(t->s->service, VTPM_OP_COMMAND, locality, command, size,
			&answer) != OK)
		return SIMULATOR_BROKEN;
	if (answer.result != SERVICE_OK) {
		say_error("command refused: locality %u, %u bytes: result %u",
			  locality, size, answer.result);
		return SIMULATOR_CLOSE;
	}
	put32(&t->out, answer.size);
	cursor_out_bytes(&t->out, answer.bytes, answer.size);
	return acknowledge(t);
}

static enum simulator_verdict send_command(struct talk *t)
{
	uint32_t locality = cursor_u8(&t->in), size = get32(&t->in);
	const uint8_t *command;

	if (t->in.failed)
		return SIMULATOR_MORE;
	/* Checked before a byte of it is waited for. */
	if (size > VTPM_BUFFER_MAX) {
		say_error("a client's command of %u bytes", size);
		return SIMULATOR_CLOSE;
	}
	command = cursor_take(&t->in, size);
	if (!command)
		return SIMULATOR_MORE;
	if (t->s->powered)
		return forward(t, locality, command, size);
	put32(&t->out, 0); /* a TPM without power has no response */
	return acknowledge(t);
}

static enum simulator_verdict session_end(struct talk *t)
{
	(void)t;
	return SIMULATOR_CLOSE;
}

static enum simulator_verdict stop(struct talk *t)
{
	put32(&t->out, 0);
	return SIMULATOR_STOP;
}

struct request_call {
	enum simulator_verdict (*serve)(struct talk *t);
};

static const struct request_call command_requests[TPM_REQUESTS] = {
	[TPM_SEND_COMMAND] = { send_command },
	[TPM_REMOTE_HANDSHAKE] = { handshake },
	[TPM_SESSION_END] = { session_end },
	[TPM_STOP] = { stop },
};

/* Nobody presses a button here, and no command can be stopped half-way: a
 * TPM may ignore a cancel, and ends the command instead. */
static const struct request_call platform_requests[TPM_REQUESTS] = {
	[TPM_SIGNAL_POWER_ON] = { power_on },
	[TPM_SIGNAL_POWER_OFF] = { power_off },
	[TPM_SIGNAL_PHYS_PRES_OFF] = { acknowledge },
	[TPM_SIGNAL_CANCEL_ON] = { acknowledge },
	[TPM_SIGNAL_CANCEL_OFF] = { acknowledge },
	[TPM_SIGNAL_NV_ON] = { acknowledge },
	[TPM_SIGNAL_RESET] = { signal_reset },
	[TPM_SIGNAL_RESTART] = { signal_reset },
	[TPM_SESSION_END] = { session_end },
	[TPM_STOP] = { stop },
};

enum simulator_verdict simulator_serve(struct simulator *s,
				       enum simulator_port port,
				       const uint8_t *input, size_t size,
				       struct simulator_step *step)
{
	struct talk t = { s, cursor_make(input, size),
			  cursor_out_make(step->output, sizeof(step->output)) };
	const struct request_call *table = port == SIMULATOR_COMMAND
						   ? command_requests
						   : platform_requests;
	enum simulator_verdict verdict;
	uint32_t number = get32(&t.in);

	step->used = step->size = 0;
	if (t.in.failed)
		return SIMULATOR_MORE;
	/* Its length is unknown, and so is where the next one starts. */
	if (number >= TPM_REQUESTS || !table[number].serve) {
		say_error("a client's request %u is unknown", number);
		return SIMULATOR_CLOSE;
	}
	verdict = table[number].serve(&t);
	if (verdict == SIMULATOR_DONE || verdict == SIMULATOR_STOP) {
		step->used = cursor_offset(&t.in);
		step->size = cursor_out_offset(&t.out);
	}
	return verdict;
}

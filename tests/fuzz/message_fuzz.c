/* SPDX-License-Identifier: MIT */
/*
 * Any messages for a service's loop, with handlers that do what they may: each
 * request meets one handler within its limits or none, and behind an answer
 * nothing of its request stays. One handler is the TPM in failure mode, whose
 * answers are TPM responses, whatever the command.
 */
/* test-sources: services/base/loop.c services/vtpm/failure.c */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "abi/vtpm_service.h"
#include "services/base/link.h"
#include "services/base/log.h"
#include "services/base/loop.h"
#include "services/vtpm/failure.h"
#include "services/vtpm/wire.h"
#include "tests/fuzz/need.h"

#define SIZE_MAX_2 100u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cursor script;
static jmp_buf over;
static uint8_t *page; /* of the loop's, exactly one */
static uint8_t request[SYS_MESSAGE_MAX];
static struct sys_message asked;
static bool first;
static struct {
	uint32_t op; /* 0: none was called */
	enum service_result result;
	uint32_t answer;
	uint8_t byte;
} did;

void log_die(const char *format, ...)
{
	/* Only for answers that no handler may give, see calls. */
	need(did.op && did.result == SERVICE_OK &&
	     did.answer > SYS_MESSAGE_MAX && format);
	longjmp(over, 1);
}

static void seen(struct service_request *r, uint32_t op)
{
	need(!did.op && asked.op == op && r->page == page);
	need(r->arg == asked.arg && r->size == asked.size && !r->answer);
	need(!memcmp(r->page, request, r->size));
	did.op = op;
}

static enum service_result failed_command(struct service_request *r)
{
	struct cursor in;

	seen(r, 1);
	need(r->size <= VTPM_BUFFER_MAX);
	did.answer = r->answer = failure_command(r->page, r->size);
	in = cursor_make(r->page, r->answer);
	need(wire_get16(&in) == TPM_ST_NO_SESSIONS);
	need(wire_get32(&in) == r->answer && r->answer >= TPM_HEADER_SIZE);
	/* The same in both directions, and no success without what was asked. */
	if (wire_get32(&in) == TPM_RC_SUCCESS)
		need(wire_code(request, r->size) == TPM_CC_GetTestResult ||
		     wire_code(request, r->size) == TPM_CC_GetCapability);
	else
		need(r->answer == TPM_HEADER_SIZE);
	return did.result = SERVICE_OK;
}

static enum service_result wild(struct service_request *r)
{
	uint8_t how = cursor_u8(&script);

	seen(r, 2);
	need(r->size <= SIZE_MAX_2);
	did.byte = cursor_u8(&script) | 1;
	memset(r->page, did.byte, SYS_MESSAGE_MAX);
	did.answer = r->answer = cursor_u16(&script) % (SYS_MESSAGE_MAX + 3);
	return did.result = how < 128 ? SERVICE_OK
				      : (enum service_result)(how % 5);
}

static enum service_result none(struct service_request *r)
{
	seen(r, 4);
	need(!r->size);
	return did.result = SERVICE_FAILED;
}

/* 3 has no handler. */
static const struct service_call calls[] = {
	[1] = { failed_command, VTPM_BUFFER_MAX },
	[2] = { wild, SIZE_MAX_2 },
	[4] = { none, 0 },
};

static uint32_t limit(uint32_t op)
{
	return op == 1 ? VTPM_BUFFER_MAX : op == 2 ? SIZE_MAX_2 : 0;
}

static void answer_check(const struct sys_message *m)
{
	bool known = asked.op == 1 || asked.op == 2 || asked.op == 4;
	bool fits = known && asked.size <= limit(asked.op);

	need(m->op == asked.op && (did.op != 0) == fits);
	if (!known)
		need(m->result == SERVICE_BAD_OP);
	else if (!fits)
		need(m->result == SERVICE_BAD_SIZE);
	else
		need(m->result == did.result);
	need(m->size == (m->result == SERVICE_OK ? did.answer : 0));
	need(m->size <= SYS_MESSAGE_MAX);
	/* Secrets of the request: gone, as far as the answer is not on them. */
	for (uint32_t i = m->size; i < asked.size; i++)
		need(!page[i]);
}

uint8_t *link_next(struct sys_message *m)
{
	uint32_t n;

	if (!first)
		answer_check(m);
	first = false;
	memset(&did, 0, sizeof(did));
	if (cursor_left(&script) < 4)
		longjmp(over, 1);
	memset(m, 0, sizeof(*m));
	m->op = cursor_u8(&script) % 7;
	if (m->op == 6)
		m->op = ~0u;
	m->arg = cursor_u8(&script);
	m->size = cursor_u16(&script) % (SYS_MESSAGE_MAX + 1);
	/* From the input as far as it goes, or long ones would be rare. */
	n = cursor_left(&script) < m->size ? (uint32_t)cursor_left(&script)
					   : m->size;
	if (m->op == 1 && n > 22)
		n = 22;
	memset(request, 0x77, sizeof(request));
	cursor_bytes(&script, request, n);
	/* Mostly with a head that leads further. */
	if (m->op == 1 && m->arg & 1 && n >= TPM_HEADER_SIZE) {
		uint32_t size = __builtin_bswap32(m->size);

		memcpy(request + 2, &size, sizeof(size));
	}
	memcpy(page, request, m->size);
	memset(page + m->size, 0, SYS_MESSAGE_MAX - m->size);
	asked = *m;
	return page;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	script = cursor_make(data, size);
	first = true;
	memset(&did, 0, sizeof(did));
	page = malloc(SYS_MESSAGE_MAX);
	need(page);
	if (!setjmp(over))
		loop_run(calls, sizeof(calls) / sizeof(calls[0]));
	free(page);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Requests to their handlers, by a table. */
#include "services/base/loop.h"

#include <string.h>

#include "services/base/link.h"
#include "services/base/log.h"

static enum service_result dispatch(const struct service_call *calls,
				    size_t count, uint32_t op,
				    struct service_request *r)
{
	if (!op || op >= count || !calls[op].handle)
		return SERVICE_BAD_OP;
	if (r->size > calls[op].size_max)
		return SERVICE_BAD_SIZE;
	return calls[op].handle(r);
}

void loop_run(const struct service_call *calls, size_t count)
{
	struct sys_message m = { 0 };

	for (;;) {
		struct service_request r = { .page = link_next(&m) };

		r.arg = m.arg;
		r.size = m.size;
		m.result = dispatch(calls, count, m.op, &r);
		if (m.result != SERVICE_OK)
			r.answer = 0;
		if (r.answer > SYS_MESSAGE_MAX)
			log_die("base: answer of %u bytes", r.answer);
		/* A request holds secrets; none stays behind its answer. */
		if (r.answer < r.size)
			explicit_bzero(r.page + r.answer, r.size - r.answer);
		m.size = r.answer;
	}
}

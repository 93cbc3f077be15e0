/* SPDX-License-Identifier: MIT */
/* The test kernel's protocol. */
#include "tests/inject/extra.h"

#include "kernel/base/percpu.h"
#include "kernel/mm/page.h"
#include "tests/inject/ask.h"
#include "tests/inject/gate.h"
#include "tests/inject/kernel/proto/extra.h"
#include "tests/inject/record.h"

/* Never given back. */
static void drain(uint64_t but)
{
	struct pa page;

	while (page_count_free() > PAGE_RESERVE + but)
		if (page_take(&page) != OK)
			return;
}

enum svsm_result extra_request(struct svsm_request *req)
{
	if (req->protocol != EXTRA_PROTOCOL)
		return SVSM_ERR_UNSUPPORTED_PROTOCOL;
	switch (req->call) {
	case EXTRA_ARM:
		gate_arm(req->rcx, req->rdx == 1);
		return SVSM_SUCCESS;
	case EXTRA_DISARM:
		req->rcx = gate_tried();
		gate_arm(0, false);
		return SVSM_SUCCESS;
	case EXTRA_BALANCE:
		req->rcx = page_count_taken();
		req->rdx = page_count_free();
		req->r8 = (uint64_t)gate_objects();
		return SVSM_SUCCESS;
	case EXTRA_DRAIN:
		drain(req->rcx);
		return SVSM_SUCCESS;
	case EXTRA_STACK:
		req->rcx = stack_used(&percpu_this()->stack);
		return SVSM_SUCCESS;
	case EXTRA_ASK:
		return ask_request(req);
	case EXTRA_RECORD:
		return record_request(req);
	default:
		return SVSM_ERR_UNSUPPORTED_CALL;
	}
}

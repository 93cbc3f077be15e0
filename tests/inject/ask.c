/* SPDX-License-Identifier: MIT */
/* Requests to services, of any form, in the name of the guest. */
#include "tests/inject/ask.h"

#include "kernel/mm/guestmem.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/sys/service.h"
#include "kernel/task/task.h"
#include "services/probe/ops.h"
#include "tests/inject/extra.h"

/* What the probe aims at is where the kernel has it. */
_Static_assert(PROBE_AT_BRK == TASK_BRK && PROBE_AT_MMAP == TASK_MMAP, "");
_Static_assert(PROBE_AT_PAGE == TASK_PAGE, "");
_Static_assert(PROBE_AT_STACK_TOP == TASK_STACK_TOP, "");
_Static_assert(PROBE_AT_END == USER_END, "");

#define HEAD ((uint32_t)sizeof(struct extra_ask))

static enum svsm_result ask_put(struct service *s, struct guest_range page,
				const struct service_caller *caller,
				const struct extra_ask *a)
{
	uint32_t size = a->size <= EXTRA_ASK_ROOM ? a->size : 0;
	struct tmpmap map = tmpmap_4k(service_page(s), KMAP_WRITE);
	enum err e = size ? guest_read(page, HEAD, map.va, size) : OK;

	tmpmap_drop(map);
	if (e != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	service_request(s, caller, a->op, a->arg, a->size);
	return SVSM_SUCCESS;
}

static enum svsm_result ask_get(struct service *s, struct guest_range page,
				struct extra_ask *a,
				const struct service_answer *answer)
{
	uint32_t size = answer->size < EXTRA_ASK_ROOM ? answer->size
						      : EXTRA_ASK_ROOM;
	struct tmpmap map = tmpmap_4k(service_page(s), KMAP_READ);
	enum err e = size ? guest_write(page, HEAD, map.va, size) : OK;

	tmpmap_drop(map);
	a->size = answer->size;
	a->result = answer->result;
	if (e == OK)
		e = guest_write(page, 0, a, sizeof(*a));
	return e == OK ? SVSM_SUCCESS : SVSM_ERR_INVALID_ADDRESS;
}

static enum svsm_result ask_work(struct service *s, struct guest_range page,
				 struct extra_ask *a)
{
	struct service_answer answer;

	switch (service_work(s, &answer)) {
	case SERVICE_DONE:
		return ask_get(s, page, a, &answer);
	case SERVICE_MORE:
		return SVSM_ERR_INCOMPLETE;
	default:
		return SVSM_ERR_INVALID_REQUEST;
	}
}

enum svsm_result ask_request(struct svsm_request *req)
{
	const struct service_caller caller = { req->vcpu, req->slot, req->rcx };
	enum svsm_result r = SVSM_SUCCESS;
	struct guest_range page;
	struct service *s;
	struct extra_ask a;

	if (guest_range_check(req->rcx, PAGE_4K, &page) != OK ||
	    guest_read(page, 0, &a, sizeof(a)) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	a.name[sizeof(a.name) - 1] = 0;
	s = service_find(a.name);
	if (!s || !a.op)
		return SVSM_ERR_INVALID_PARAMETER;
	switch (service_enter(s, &caller)) {
	case SERVICE_BUSY:
		return SVSM_ERR_BUSY;
	case SERVICE_GONE:
		return (enum svsm_result)EXTRA_GONE;
	case SERVICE_FREE:
		r = ask_put(s, page, &caller, &a);
		break;
	case SERVICE_RESUME:
		break;
	}
	if (r == SVSM_SUCCESS)
		r = ask_work(s, page, &a);
	service_leave(s);
	return r;
}

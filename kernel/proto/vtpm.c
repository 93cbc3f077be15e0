/* SPDX-License-Identifier: MIT */
/*
 * A command goes from the guest's page straight into the service's request
 * page, header and body copied once each; the service is not running then. The
 * buffer is looked at again for the answer alone.
 */
#include "kernel/proto/vtpm.h"

#include "abi/svsm/vtpm.h"
#include "abi/vtpm_service.h"
#include "kernel/mm/guestmem.h"
#include "kernel/mm/tmpmap.h"
#include "kernel/sys/service.h"

#define HEAD ((uint32_t)sizeof(struct svsm_vtpm_command))

/* One call: who asks, and the guest's buffer up to the end of its page. */
struct command {
	struct service *vtpm;
	struct service_caller caller;
	struct guest_range buffer;
	uint32_t room;
};

static struct service *vtpm(void)
{
	return service_find("vtpm");
}

bool vtpm_present(void)
{
	return vtpm() != NULL;
}

static enum svsm_result query(struct svsm_request *req)
{
	req->rcx = 1ull << SVSM_VTPM_SEND_COMMAND;
	req->rdx = 0;
	return SVSM_SUCCESS;
}

static enum svsm_result head_check(const struct svsm_vtpm_command *head,
				   uint32_t room)
{
	if (head->command != SVSM_VTPM_SEND_COMMAND)
		return SVSM_ERR_UNSUPPORTED_CALL;
	if (head->locality > VTPM_LOCALITY_MAX || !head->size ||
	    head->size > VTPM_BUFFER_MAX || head->size > room - HEAD)
		return SVSM_ERR_INVALID_PARAMETER;
	return SVSM_SUCCESS;
}

/* The service is ours and waits: gives it the guest's command. */
static enum svsm_result command_put(const struct command *c)
{
	struct svsm_vtpm_command head;
	enum svsm_result r;
	struct tmpmap map;
	enum err e;

	if (guest_read(c->buffer, 0, &head, sizeof(head)) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	r = head_check(&head, c->room);
	if (r != SVSM_SUCCESS)
		return r;
	map = tmpmap_4k(service_page(c->vtpm), KMAP_WRITE);
	e = guest_read(c->buffer, HEAD, map.va, head.size);
	tmpmap_drop(map);
	if (e != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	service_request(c->vtpm, &c->caller, VTPM_OP_COMMAND, head.locality,
			head.size);
	return SVSM_SUCCESS;
}

static enum svsm_result answer_get(const struct command *c,
				   const struct service_answer *a)
{
	const struct svsm_vtpm_response head = { a->size };
	struct tmpmap map;
	enum err e;

	if (a->result != SERVICE_OK)
		return SVSM_ERR_INVALID_REQUEST;
	/* The guest chose a place near the end of a page. */
	if (a->size > c->room - sizeof(head))
		return SVSM_ERR_INVALID_PARAMETER;
	map = tmpmap_4k(service_page(c->vtpm), KMAP_READ);
	e = guest_write(c->buffer, 0, &head, sizeof(head));
	if (e == OK && a->size)
		e = guest_write(c->buffer, sizeof(head), map.va, a->size);
	tmpmap_drop(map);
	return e == OK ? SVSM_SUCCESS : SVSM_ERR_INVALID_ADDRESS;
}

static enum svsm_result command_work(const struct command *c)
{
	struct service_answer answer;

	switch (service_work(c->vtpm, &answer)) {
	case SERVICE_DONE:
		return answer_get(c, &answer);
	case SERVICE_MORE:
		return SVSM_ERR_INCOMPLETE;
	default: /* a crash; the next call finds another TPM, or none */
		return SVSM_ERR_INVALID_REQUEST;
	}
}

static enum svsm_result command_run(const struct command *c)
{
	enum svsm_result r = SVSM_SUCCESS;

	switch (service_enter(c->vtpm, &c->caller)) {
	case SERVICE_BUSY:
		return SVSM_ERR_BUSY;
	case SERVICE_GONE:
		return SVSM_ERR_INVALID_REQUEST;
	case SERVICE_FREE:
		r = command_put(c);
		break;
	case SERVICE_RESUME:
		break;
	}
	if (r == SVSM_SUCCESS)
		r = command_work(c);
	service_leave(c->vtpm);
	return r;
}

static enum svsm_result command(struct svsm_request *req)
{
	struct command c = {
		.vtpm = vtpm(),
		.caller = { req->vcpu, req->slot, req->rcx },
		.room = (uint32_t)(PAGE_4K - (req->rcx & (PAGE_4K - 1))),
	};

	if (!req->rcx || c.room <= HEAD)
		return SVSM_ERR_INVALID_PARAMETER;
	if (guest_range_check(req->rcx, c.room, &c.buffer) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	return command_run(&c);
}

enum svsm_result vtpm_request(struct svsm_request *req)
{
	switch (req->call) {
	case SVSM_VTPM_QUERY:
		return query(req);
	case SVSM_VTPM_CMD:
		return command(req);
	default:
		return SVSM_ERR_UNSUPPORTED_CALL;
	}
}

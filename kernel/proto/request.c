/* SPDX-License-Identifier: MIT */
/* The table of protocols, its use, and the request loop. */
#include "kernel/proto/request.h"

#include "abi/svsm/core.h"
#include "kernel/base/platform.h"
#include "kernel/proto/core.h"

struct protocol {
	enum svsm_result (*handle)(struct svsm_request *req);
	uint32_t min, max;
};

static const struct protocol protocols[] = {
	[SVSM_CORE_PROTOCOL] = { core_request, SVSM_CORE_VERSION,
				 SVSM_CORE_VERSION },
};

static const struct protocol *protocol_find(uint32_t number)
{
	if (number >= sizeof(protocols) / sizeof(protocols[0]))
		return NULL;
	return protocols[number].handle ? &protocols[number] : NULL;
}

enum svsm_result request_dispatch(struct svsm_request *req)
{
	const struct protocol *p = protocol_find(req->protocol);

	return p ? p->handle(req) : SVSM_ERR_UNSUPPORTED_PROTOCOL;
}

/* Reads the same table, so that the two cannot disagree. */
uint64_t request_query(uint32_t number, uint32_t version)
{
	const struct protocol *p = protocol_find(number);

	if (!p || version < p->min || version > p->max)
		return 0;
	return (uint64_t)p->max << 32 | p->min;
}

bool request_serve(struct vcpu *vcpu, unsigned int slot)
{
	struct svsm_request req;

	switch (enter_fetch(vcpu, slot, &req)) {
	case ENTER_CALL:
		enter_finish(&req, request_dispatch(&req));
		return true;
	case ENTER_BAD_CALL:
		enter_finish(&req, SVSM_ERR_INVALID_FORMAT);
		return true;
	case ENTER_NOTHING:
		break;
	}
	return false;
}

/*
 * The slot that called last is looked at first. The other one matters only
 * in the moment in which a guest replaces a save area.
 */
_Noreturn void request_loop(unsigned int guest_vmpl)
{
	struct vcpu *vcpu = percpu_this()->vcpu;
	unsigned int slot = 0;

	for (;;) {
		/* First of all: a CPU that slept here when its guest started
		 * wakes up with that guest's first call pending. */
		if (!request_serve(vcpu, slot) &&
		    request_serve(vcpu, VCPU_SLOTS - 1 - slot))
			slot = VCPU_SLOTS - 1 - slot;
		/* Refused: the host has no save area to run yet, or no more. */
		if (!vcpu_live(vcpu) || platform->guest_run(guest_vmpl) != OK)
			platform->halt();
	}
}

/* SPDX-License-Identifier: MIT */
/* The table of protocols, its use, and the request loop. */
#include "kernel/proto/request.h"

#include "abi/svsm/core.h"
#include "abi/svsm/vtpm.h"
#include "kernel/base/platform.h"
#include "kernel/mm/stack.h"
#include "kernel/proto/core.h"
#include "kernel/proto/deposit.h"
#include "kernel/proto/extra.h"
#include "kernel/proto/vtpm.h"

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

/* Protocols that are not in every image: out of the way of those that are. */
__attribute__((noinline)) static enum svsm_result
optional_request(struct svsm_request *req)
{
	if (req->protocol == SVSM_VTPM_PROTOCOL && vtpm_present())
		return vtpm_request(req);
	return extra_request(req);
}

static uint64_t optional_query(uint32_t number, uint32_t version)
{
	if (number != SVSM_VTPM_PROTOCOL || version != SVSM_VTPM_VERSION ||
	    !vtpm_present())
		return 0;
	return (uint64_t)SVSM_VTPM_VERSION << 32 | SVSM_VTPM_VERSION;
}

enum svsm_result request_dispatch(struct svsm_request *req)
{
	const struct protocol *p = protocol_find(req->protocol);

	return p ? p->handle(req) : optional_request(req);
}

/* Reads the same table, so that the two cannot disagree. */
uint64_t request_query(uint32_t number, uint32_t version)
{
	const struct protocol *p = protocol_find(number);

	if (!p)
		return optional_query(number, version);
	if (version < p->min || version > p->max)
		return 0;
	return (uint64_t)p->max << 32 | p->min;
}

bool request_serve(struct vcpu *vcpu, unsigned int slot)
{
	enum svsm_result r;
	struct svsm_request req;

	switch (enter_fetch(vcpu, slot, &req)) {
	case ENTER_CALL:
		r = request_dispatch(&req);
		/* Before the caller can look: it may be the boot vCPU. */
		offer_update();
		enter_finish(&req, r);
		return true;
	case ENTER_BAD_CALL:
		enter_finish(&req, SVSM_ERR_INVALID_FORMAT);
		return true;
	case ENTER_NOTHING:
		break;
	}
	return false;
}

/* The slot that called, which is nearly always the one that called last. */
static unsigned int serve_some(struct vcpu *vcpu, unsigned int last)
{
	if (request_serve(vcpu, last))
		return last;
	for (unsigned int i = 0; i < VCPU_SLOTS; i++)
		if (i != last && request_serve(vcpu, i))
			return i;
	return last;
}

_Noreturn void request_loop(unsigned int guest_vmpl)
{
	struct percpu *cpu = percpu_this();
	struct vcpu *vcpu = cpu->vcpu;
	unsigned int slot = 0;

	for (;;) {
		stack_check(cpu); /* no lock is held here */
		/* First of all: a CPU that slept here when its guest started
		 * wakes up with that guest's first call pending. */
		slot = serve_some(vcpu, slot);
		/* Refused: the host has no save area to run yet, or no more. */
		if (!vcpu_live(vcpu) || platform->guest_run(guest_vmpl) != OK)
			platform->halt();
	}
}

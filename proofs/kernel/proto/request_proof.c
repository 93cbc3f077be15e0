/* SPDX-License-Identifier: MIT */
/* proof: any number of a protocol and of a call leads to the handler that it
 *   names, or to a refusal, never beyond a table; what a query says is served
 *   is served; a call is answered exactly once
 * sources: kernel/proto/request.c kernel/proto/core.c
 * bound: none: any registers
 * flags: --unwind 2
 * mutation: kernel/proto/core.c@core_request: req->call >= => req->call >
 * mutation: kernel/proto/request.c@protocol_find: number >= => number >
 * mutation: kernel/proto/request.c@request_query: version > p->max =>
 *   version > p->max + 1
 * mutation: kernel/proto/core.c@vtom_call: !(req->rcx & SVSM_VTOM_QUERY) => 0
 * mutation: kernel/proto/request.c@request_serve: enter_finish(&req,
 *   SVSM_ERR_INVALID_FORMAT); => enter_finish(&req, SVSM_SUCCESS);
 */
#include "kernel/proto/request.h"

#include "abi/svsm/core.h"
#include "abi/svsm/vtpm.h"
#include "kernel/base/platform.h"
#include "kernel/mm/stack.h"
#include "kernel/proto/deposit.h"
#include "kernel/proto/pvalidate.h"
#include "kernel/proto/vcpu.h"
#include "kernel/proto/vtpm.h"
#include "proofs/fake/proof.h"

#define HANDLED ((enum svsm_result)77)

const struct platform_ops *platform;
uint8_t page_offer, vcpu_offer_told;
void *proof_gs;
static uint32_t handler, finished;
static enum svsm_result answered;
static enum enter_result entered;
static bool vtpm_there;

static enum svsm_result handled(uint32_t by)
{
	handler = by;
	return HANDLED;
}

#define HANDLER(name, number)                                           \
	enum svsm_result name(struct svsm_request *req)                 \
	{                                                               \
		__CPROVER_assert(req->call == number && !req->protocol, \
				 "the call of this handler");           \
		return handled(number);                                 \
	}

HANDLER(vcpu_remap_call, SVSM_CORE_REMAP_CA)
HANDLER(pvalidate_call, SVSM_CORE_PVALIDATE)
HANDLER(vcpu_create_call, SVSM_CORE_CREATE_VCPU)
HANDLER(vcpu_delete_call, SVSM_CORE_DELETE_VCPU)
HANDLER(deposit_call, SVSM_CORE_DEPOSIT_MEM)
HANDLER(withdraw_call, SVSM_CORE_WITHDRAW_MEM)

bool vtpm_present(void)
{
	return vtpm_there;
}

enum svsm_result vtpm_request(struct svsm_request *req)
{
	__CPROVER_assert(vtpm_there && req->protocol == SVSM_VTPM_PROTOCOL,
			 "the vTPM's");
	return handled(100);
}

void offer_tell(void)
{
}

void stack_refill(struct percpu *cpu)
{
	(void)cpu;
}

enum enter_result enter_fetch(struct vcpu *vcpu, unsigned int slot,
			      struct svsm_request *req)
{
	(void)vcpu;
	(void)slot;
	ANY(*req);
	return entered;
}

void enter_finish(const struct svsm_request *req, enum svsm_result result)
{
	(void)req;
	finished++;
	answered = result;
}

static void dispatch(void)
{
	struct svsm_request req, before;
	enum svsm_result r;

	ANY(req);
	before = req;
	r = request_dispatch(&req);
	if (before.protocol == SVSM_CORE_PROTOCOL) {
		PROVE((r == SVSM_ERR_UNSUPPORTED_CALL) == (before.call > 7));
		PROVE((r == HANDLED) == (before.call < 6));
		PROVE(r != HANDLED || handler == before.call);
	} else {
		PROVE((r == SVSM_ERR_UNSUPPORTED_PROTOCOL) ==
		      !(before.protocol == SVSM_VTPM_PROTOCOL && vtpm_there));
	}
	if (before.call == SVSM_CORE_CONFIGURE_VTOM && !before.protocol)
		PROVE(r == SVSM_SUCCESS || !(before.rcx & SVSM_VTOM_QUERY));
	if (!before.protocol && r == SVSM_SUCCESS && before.call == 7)
		PROVE(before.rcx & SVSM_VTOM_QUERY && !req.rcx);
	PROVE(req.vcpu == before.vcpu && req.r9 == before.r9);
}

static void query(void)
{
	uint32_t number = nondet_u32(), version = nondet_u32();
	uint64_t told = request_query(number, version);
	struct svsm_request req;
	enum svsm_result r;

	PROVE(!told || (version >= (uint32_t)told && version <= told >> 32));
	ANY(req);
	req.protocol = number;
	r = request_dispatch(&req);
	PROVE(!told || r != SVSM_ERR_UNSUPPORTED_PROTOCOL);
	PROVE(told || version != 1 || r == SVSM_ERR_UNSUPPORTED_PROTOCOL);
}

static void serve(void)
{
	bool served;

	entered = (enum enter_result)any_upto(2);
	served = request_serve(NULL, 0);
	PROVE(served == (entered != ENTER_NOTHING) && finished == served);
	PROVE(entered != ENTER_BAD_CALL || answered == SVSM_ERR_INVALID_FORMAT);
}

int main(void)
{
	vtpm_there = nondet_bool();
	switch (nondet_u8() % 3) {
	case 0:
		dispatch();
		break;
	case 1:
		query();
		break;
	default:
		serve();
		break;
	}
	return 0;
}

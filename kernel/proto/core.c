/* SPDX-License-Identifier: MIT */
/* The CORE protocol's call table, and the calls that need no file of theirs. */
#include "kernel/proto/core.h"

#include "abi/svsm/core.h"
#include "kernel/proto/deposit.h"
#include "kernel/proto/pvalidate.h"
#include "kernel/proto/request.h"
#include "kernel/proto/vcpu.h"

static enum svsm_result query_call(struct svsm_request *req)
{
	req->rcx =
		request_query((uint32_t)(req->rcx >> 32), (uint32_t)req->rcx);
	return SVSM_SUCCESS;
}

/* There is no vTOM: a query says so, a change is refused. */
static enum svsm_result vtom_call(struct svsm_request *req)
{
	if (!(req->rcx & SVSM_VTOM_QUERY))
		return SVSM_ERR_INVALID_REQUEST;
	req->rcx = 0;
	req->rdx = 0;
	req->r8 = 0;
	return SVSM_SUCCESS;
}

static enum svsm_result (*const calls[])(struct svsm_request *req) = {
	[SVSM_CORE_REMAP_CA] = vcpu_remap_call,
	[SVSM_CORE_PVALIDATE] = pvalidate_call,
	[SVSM_CORE_CREATE_VCPU] = vcpu_create_call,
	[SVSM_CORE_DELETE_VCPU] = vcpu_delete_call,
	[SVSM_CORE_DEPOSIT_MEM] = deposit_call,
	[SVSM_CORE_WITHDRAW_MEM] = withdraw_call,
	[SVSM_CORE_QUERY_PROTOCOL] = query_call,
	[SVSM_CORE_CONFIGURE_VTOM] = vtom_call,
};

enum svsm_result core_request(struct svsm_request *req)
{
	if (req->call >= sizeof(calls) / sizeof(calls[0]))
		return SVSM_ERR_UNSUPPORTED_CALL;
	return calls[req->call](req);
}

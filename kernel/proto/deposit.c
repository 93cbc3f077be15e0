/* SPDX-License-Identifier: MIT */
/* DEPOSIT_MEM and WITHDRAW_MEM of an SVSM that needs no deposits. */
#include "kernel/proto/deposit.h"

#include "kernel/proto/list.h"

enum svsm_result deposit_call(struct svsm_request *req)
{
	struct list list;
	enum svsm_result r = list_read(req->vcpu, req->rcx, &list);

	return r == SVSM_SUCCESS ? SVSM_ERR_INVALID_REQUEST : r;
}

enum svsm_result withdraw_call(struct svsm_request *req)
{
	static const uint16_t none;
	struct guest_range page;

	/* At the end of a page there is room for the count, but for no entry. */
	if (!addr_aligned(req->rcx, sizeof(uint64_t)) ||
	    (req->rcx & (PAGE_4K - 1)) == PAGE_4K - sizeof(uint64_t))
		return SVSM_ERR_INVALID_PARAMETER;
	if (guest_range_check(req->rcx, sizeof(uint64_t), &page) != OK ||
	    guest_write(page, 0, &none, sizeof(none)) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	return SVSM_SUCCESS;
}

/* SPDX-License-Identifier: MIT */
/*
 * What is called by a protocol number that the table does not know. Here:
 * nothing; the test kernel (tests/inject/) has a vendor's protocol of its own.
 */
#pragma once

#include "kernel/guest/enter.h"

static inline enum svsm_result extra_request(struct svsm_request *req)
{
	(void)req;
	return SVSM_ERR_UNSUPPORTED_PROTOCOL;
}

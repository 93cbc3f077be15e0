/* SPDX-License-Identifier: MIT */
/*
 * Protocols and the loop that serves them, one per CPU. A protocol is one line
 * in request.c and one file. svsm.md sections 3 to 5.
 */
#pragma once

#include "kernel/guest/enter.h"

/* Runs the guest's level on this CPU and serves its calls, for ever. */
_Noreturn void request_loop(unsigned int guest_vmpl);

/* Serves the call that a slot of this vCPU holds, if any. */
bool request_serve(struct vcpu *vcpu, unsigned int slot);

enum svsm_result request_dispatch(struct svsm_request *req);

/* QUERY_PROTOCOL: max version << 32 | min version, or 0 if @version of
 * protocol @number is not served. */
uint64_t request_query(uint32_t number, uint32_t version);

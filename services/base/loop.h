/* SPDX-License-Identifier: MIT */
/* The loop of a service: one request, one answer, for ever. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "abi/service.h"

/*
 * A request, and the room for its answer: the handler reads `size` bytes at
 * `page` (they are in our memory alone and cannot change), may write up to
 * SYS_MESSAGE_MAX there, and sets `answer` to how many it wrote.
 */
struct service_request {
	uint32_t arg;
	uint32_t size;
	uint32_t answer; /* 0 on entry; ignored unless the result is OK */
	uint8_t *page;
};

/* One line of a service's table; the index is the operation. */
struct service_call {
	enum service_result (*handle)(struct service_request *r);
	uint32_t size_max; /* a longer request is refused unseen */
};

/* calls[0] is never used. Does not return. */
_Noreturn void loop_run(const struct service_call *calls, size_t count);

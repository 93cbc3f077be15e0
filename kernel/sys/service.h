/* SPDX-License-Identifier: MIT */
/*
 * Services: processes out of the image that answer requests, on the CPU of the
 * guest that asks. Only one CPU is in a service at a time; no other waits for
 * it: "busy" is an answer that guests repeat. A request that takes long is
 * worked on in slices; whoever calls next drives on what others left behind.
 * A service that crashes is started again, a few times.
 */
#pragma once

#include <stdbool.h>

#include "abi/boot/params.h"
#include "abi/service.h"
#include "lib/addr.h"
#include "lib/err.h"

struct service;

/* Who asks: the same values again resume the same request. */
struct service_caller {
	const void *who;
	uint64_t slot, key;
};

enum service_turn {
	SERVICE_FREE,	/* taken: give it a request */
	SERVICE_RESUME, /* taken: this caller's request is under way */
	SERVICE_BUSY,	/* not taken: ask again */
	SERVICE_GONE,	/* not taken: crashed too often */
};

enum service_end {
	SERVICE_DONE,	 /* there is an answer */
	SERVICE_MORE,	 /* its slice is over: ask again */
	SERVICE_CRASHED, /* there is none and will be none */
};

struct service_answer {
	uint32_t result; /* enum service_result, or the service's own */
	uint32_t size;	 /* bytes in the request page */
};

/* Starts every service of the image and waits until it asks for a request: on
 * the first CPU, before the guest runs. Panics when one does not start. */
void service_start_all(const struct params *params);

/* NULL: the image has none of that name. */
struct service *service_find(const char *name);

/* FREE and RESUME: until service_leave the service is this CPU's. */
enum service_turn service_enter(struct service *s,
				const struct service_caller *caller);
void service_leave(struct service *s);

/* The request page, SYS_MESSAGE_MAX bytes: to read and write before
 * service_request and after SERVICE_DONE. */
struct pa service_page(const struct service *s);

void service_request(struct service *s, const struct service_caller *caller,
		     uint32_t op, uint32_t arg, uint32_t size);

/* Works on the request for one slice. */
enum service_end service_work(struct service *s, struct service_answer *answer);

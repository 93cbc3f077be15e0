/* SPDX-License-Identifier: MIT */
/*
 * The other side of the bridge: a service that takes messages (abi/sys.h), as
 * a child process or behind a descriptor, a serial line or a socket.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "abi/sys.h"
#include "lib/err.h"

struct service {
	int fd;	   /* owned; both directions */
	pid_t pid; /* our child, or 0 */
	int timeout_ms;
};

/* All four: ERR_HOST, and the reason has been said on stderr. */
must_check enum err service_start(char *const argv[], struct service *out);
/* "fd:N", "unix:PATH" or "serial:FILE". */
must_check enum err service_connect(const char *where, struct service *out);

struct service_answer {
	uint32_t result; /* enum service_result */
	uint32_t size;	 /* at most SYS_MESSAGE_MAX */
	uint8_t bytes[SYS_MESSAGE_MAX];
};

/*
 * One request and its answer. An error means that the service is gone or talks
 * nonsense; it cannot be used any more.
 */
must_check enum err service_ask(struct service *s, uint32_t op, uint32_t arg,
				const void *bytes, uint32_t size,
				struct service_answer *answer);

/* Closes; a child that does not end by itself is killed. */
void service_end(struct service *s);

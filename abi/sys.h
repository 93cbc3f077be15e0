/* SPDX-License-Identifier: MIT */
/* System calls of Coir's own, beside the few of Linux that services use. */
#pragma once

#include "abi/check.h"

/*
 * long coir_next(struct sys_message *m): gives the answer to the last request
 * and waits for the next one. 0, or -ENOSYS where no Coir is below (Linux).
 */
#define SYS_COIR_NEXT 0x4000

/* Bytes of a request page. */
#define SYS_MESSAGE_MAX 4096u

/*
 * In ring 3's memory; the kernel copies it in, checks, copies out. On a
 * developer's Linux the same structure, then `size` bytes, is a message on
 * file descriptors 0 and 1; `page` means nothing there.
 */
struct sys_message {
	uint32_t op;	 /* in: 0 first, then the op just answered; out: op */
	uint32_t result; /* in: the answer's enum service_result; out: 0 */
	uint32_t arg;	 /* out: the request's argument */
	uint32_t size;	 /* in: bytes of answer; out: bytes of request */
	uint64_t page;	 /* out: address of the page, read and write */
};
ABI_SIZE(struct sys_message, 24);
ABI_AT(struct sys_message, page, 16);

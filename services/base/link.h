/* SPDX-License-Identifier: MIT */
/*
 * How messages come and go: by Coir's system call, or, where that does not
 * exist, over file descriptors 0 and 1 of an ordinary process.
 */
#pragma once

#include <stdint.h>

#include "abi/sys.h"

/*
 * Gives the answer that *m holds (op 0: none yet), waits, and fills *m with
 * the next request. Returns its page: SYS_MESSAGE_MAX bytes that are the
 * caller's until the next call, of which m->size (never more) are the
 * request. Ends the service when the other side has closed.
 */
uint8_t *link_next(struct sys_message *m);

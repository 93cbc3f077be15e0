/* SPDX-License-Identifier: MIT */
/* One child process: started, watched, ended by its own pid and no other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

struct child_end {
	bool timed_out;	 /* we ended it */
	int signal_sent; /* a signal that we were sent and passed on; 0: none */
	bool exited;	 /* by itself or after TERM, with `status` */
	int status;	 /* exit status, or the signal that killed it */
};

/*
 * Runs argv to its end. timeout in seconds, 0: none; then TERM, and KILL some
 * seconds later. INT, TERM, HUP and QUIT are passed on. The terminal and the
 * file flags of stdin, stdout and stderr are as before afterwards. ERR_HOST:
 * it could not be started; the reason has been said on stderr.
 */
must_check enum err child_run(char *const argv[], uint64_t timeout,
			      struct child_end *end);

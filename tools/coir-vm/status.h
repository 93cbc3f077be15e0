/* SPDX-License-Identifier: MIT */
/* How a run ended, as coir-vm's exit status and in words. */
#pragma once

#include <stdio.h>

#include "tools/coir-vm/child.h"

/*
 * QEMU ends with 2v + 1 when v is written to the exit port, with 0 after a
 * power-off, and with 1 when its command line is wrong: that is told from v = 0
 * by whether the emulator had said anything (`started`).
 */
int status_of(const struct child_end *end, bool started);

/* How many lines of the emulator's log explain this status; 0: none needed. */
unsigned int status_log_lines(int status);

/* One line for the user, or NULL where the status speaks for itself. */
const char *status_words(int status);

/* The last `lines` lines of the log to `to`; other control bytes become '?'. */
void log_tail(int log, unsigned int lines, FILE *to);

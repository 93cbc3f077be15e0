/* SPDX-License-Identifier: MIT */
/*
 * Where there is no guest, the outside may ask the vTPM: messages as services
 * take them from a process (abi/sys.h), over the second serial port. For tests:
 * whoever holds the other end of the line may ask anything.
 */
#pragma once

#include <stdbool.h>

/* False: no second serial port, or no such service. Once, on one CPU. */
bool bridge_init(void);

/* Serves for ever. */
_Noreturn void bridge_run(void);

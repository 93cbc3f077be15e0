/* SPDX-License-Identifier: MIT */
/* What a panic means to a proof. */
#pragma once

#include <stdbool.h>

/* True: no execution may come to a panic. False: a panic ends the VM, and the
 * claims are about the executions that go on. */
extern bool proof_no_panic;

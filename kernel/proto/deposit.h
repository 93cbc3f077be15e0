/* SPDX-License-Identifier: MIT */
/*
 * CORE calls 4 and 5. We size ourselves at start-up and never answer "deposit
 * memory", so there is nothing to take and nothing to give back.
 */
#pragma once

#include "kernel/guest/enter.h"

/* INVALID_REQUEST for a sound list: we did not ask. */
enum svsm_result deposit_call(struct svsm_request *req);

/* Success with an empty list. */
enum svsm_result withdraw_call(struct svsm_request *req);

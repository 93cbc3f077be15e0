/* SPDX-License-Identifier: MIT */
/* What the SVSM has recorded of the guest's pages (tests/inject/record.c). */
#pragma once

#include "kernel/guest/enter.h"

/* EXTRA_RECORD. */
enum svsm_result record_request(struct svsm_request *req);

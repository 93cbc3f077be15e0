/* SPDX-License-Identifier: MIT */
/* A guest's request to any service of the image (tests/inject/ask.c). */
#pragma once

#include "kernel/guest/enter.h"

/* EXTRA_ASK. */
enum svsm_result ask_request(struct svsm_request *req);

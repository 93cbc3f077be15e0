/* SPDX-License-Identifier: MIT */
/* The test kernel's vendor protocol (tests/inject/extra.c). */
#pragma once

#include "kernel/guest/enter.h"

enum svsm_result extra_request(struct svsm_request *req);

/* SPDX-License-Identifier: MIT */
/* CORE protocol, version 1. svsm.md section 5. */
#pragma once

#include "kernel/guest/enter.h"

enum svsm_result core_request(struct svsm_request *req);

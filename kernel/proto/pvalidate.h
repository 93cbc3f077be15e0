/* SPDX-License-Identifier: MIT */
/* CORE call 1, PVALIDATE. svsm.md section 5. */
#pragma once

#include "kernel/guest/enter.h"

enum svsm_result pvalidate_call(struct svsm_request *req);

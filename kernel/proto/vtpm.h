/* SPDX-License-Identifier: MIT */
/* vTPM protocol, version 1: TPM commands for the service named vtpm. svsm.md
 * section 7. */
#pragma once

#include "kernel/guest/enter.h"

/* The image holds the service; without it the protocol is not there. */
bool vtpm_present(void);

enum svsm_result vtpm_request(struct svsm_request *req);

/* SPDX-License-Identifier: MIT */
/* CORE calls 0, 2 and 3: calling areas and save areas. svsm.md section 5. */
#pragma once

#include "kernel/guest/enter.h"

enum svsm_result vcpu_remap_call(struct svsm_request *req);
enum svsm_result vcpu_create_call(struct svsm_request *req);
enum svsm_result vcpu_delete_call(struct svsm_request *req);

/* What every save area must have; written at launch, then sealed. */
void vcpu_rules_init(uint32_t guest_vmpl, uint64_t sev_features);

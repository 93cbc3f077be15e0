/* SPDX-License-Identifier: MIT */
/*
 * TPMT_PUBLIC of the endorsement keys before they are made. TCG EK credential
 * profile for TPM 2.0, annex B: templates L-1, L-2 and H-3.
 */
#pragma once

#include "abi/vtpm_service.h"
#include "lib/cursor.h"

/* Writes the template of an existing key (below VTPM_EK_COUNT). */
void template_put(struct cursor_out *c, enum vtpm_ek which);

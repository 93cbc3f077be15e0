/* SPDX-License-Identifier: MIT */
/* TPM commands by the vTPM protocol, from the first vCPU or another. */
#pragma once

#include <stdint.h>

/* A TPM command of @size bytes; the TPM's result code, or the SVSM's if that
 * is not success. The response stays in this vCPU's buffer. */
uint32_t tpm(unsigned int cpu, const uint8_t *command, uint32_t size);

/* Lines "bench NAME VALUE": instructions at VMPL0 from VMGEXIT to return. */
void bench(void);

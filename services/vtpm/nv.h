/* SPDX-License-Identifier: MIT */
/*
 * Non-volatile memory of the TPM: one blob, in the service's own memory. It
 * lives as long as the service does; nothing of it leaves.
 */
#pragma once

#include <libtpms/tpm_library.h>
#include <stdbool.h>

/* Callbacks for the library: load gives malloc'ed memory, the library frees. */
TPM_RESULT nv_init(void);
TPM_RESULT nv_load(unsigned char **bytes, uint32_t *size, uint32_t tpm,
		   const char *name);
TPM_RESULT nv_store(const unsigned char *bytes, uint32_t size, uint32_t tpm,
		    const char *name);
TPM_RESULT nv_delete(uint32_t tpm, const char *name, TPM_BOOL must_exist);

/* Until nv_copy_end the library works on a copy, which is then dropped. */
void nv_copy_begin(void);
void nv_copy_end(void);

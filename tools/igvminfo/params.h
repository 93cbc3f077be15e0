/* SPDX-License-Identifier: MIT */
/* What a Coir image tells its SVSM (abi/boot/params.h), in words. */
#pragma once

#include <stdbool.h>

#include "abi/boot/params.h"
#include "lib/igvm_read.h"

/*
 * The measured parameter page: the boot CPU of SEV-SNP finds it by RSI.
 * False: the image has none, or one of another version.
 */
bool params_find(const struct igvm_file *file, struct params *out);

/* One line to standard output; nothing for an image that is not Coir's. */
void params_print(const struct igvm_file *file);

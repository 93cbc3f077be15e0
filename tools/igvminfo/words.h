/* SPDX-License-Identifier: MIT */
/* IGVM headers in words, on standard output. */
#pragma once

#include "lib/igvm_read.h"

const char *words_platform(uint32_t platform_type);
/* "64 KiB"; the text lives until the call after the next three. */
const char *words_size(uint64_t bytes);
/* The fixed header, then one or more lines for every variable header. */
void words_print(const char *path, const struct igvm_file *file);

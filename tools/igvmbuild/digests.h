/* SPDX-License-Identifier: MIT */
/* --digests: what an image would measure as, without writing it. */
#pragma once

#include <stdint.h>

#include "lib/err.h"
#include "tools/common/file.h"

/*
 * Prints "CPUS DIGEST" for this image, as igvmmeasure(1) would. What is wrong has
 * been said on stderr.
 */
must_check enum err digests_print(uint64_t cpus, const struct file_bytes *file);

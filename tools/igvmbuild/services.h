/* SPDX-License-Identifier: MIT */
/* Services as the archive that goes into the image. */
#pragma once

#include "abi/boot/archive.h"
#include "lib/err.h"
#include "tools/common/file.h"

struct services {
	uint8_t *bytes; /* owned; NULL: no services */
	uint64_t size;
	uint64_t memory; /* bytes that they need beside the archive */
};

/*
 * paths[0..count): static ELF programs; a service's name is its file's. Each
 * may take @heap bytes. The same files give the same bytes. What is wrong has
 * been said on stderr. ERR_HOST: a file cannot be read.
 */
must_check enum err services_pack(const char *const *paths, uint32_t count,
				  uint64_t heap, struct services *out);
void services_free(struct services *s);

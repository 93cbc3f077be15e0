/* SPDX-License-Identifier: MIT */
/* CRC-32/ISO-HDLC, zlib's crc32: an error check, no protection. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Start with crc 0; feed a result back in to go on with more bytes. */
uint32_t crc32_add(uint32_t crc, const void *bytes, size_t size);

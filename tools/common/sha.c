/* SPDX-License-Identifier: MIT */
/* SHA-384 of libcrypto. */
#include "tools/common/sha.h"

#include "tools/common/openssl.h"
#include "tools/common/say.h"

#include <openssl/evp.h>
#include <stdlib.h>

static void sum(const void *bytes, size_t size, uint8_t digest[SNP_DIGEST_SIZE])
{
	if (EVP_Digest(bytes, size, digest, NULL, EVP_sha384(), NULL) != 1) {
		say_error("libcrypto cannot compute SHA-384");
		exit(TOOL_USAGE);
	}
}

const struct hash384_ops sha_libcrypto = { sum };

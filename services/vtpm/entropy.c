/* SPDX-License-Identifier: MIT */
/*
 * Entropy for the TPM. The library's own source falls back to rand(), seeded
 * with the time, when the system has none, and says nothing; the linker takes
 * this one instead, and tests/tpm/binary.sh holds that it did.
 */
#include "services/vtpm/entropy.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <sys/random.h>

#include "services/base/log.h"

void entropy_init(void)
{
	uint8_t first[16];

	/* No configuration file: a service has no files, and takes no orders. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
					OPENSSL_INIT_NO_ATEXIT,
				NULL) != 1)
		log_die("vtpm: libcrypto does not start");
	/* Without entropy there is no TPM: found out now, not at first use. */
	_plat__GetEntropy(first, sizeof(first));
	OPENSSL_cleanse(first, sizeof(first));
}

int32_t _plat__GetEntropy(uint8_t *to, uint32_t size)
{
	uint32_t got = 0;

	while (got < size) {
		ssize_t n = getrandom(to + got, size - got, 0);

		if (n < 0 && errno == EINTR)
			continue;
		/* A TPM without entropy would hand out keys to guess. */
		if (n <= 0)
			log_die("vtpm: no entropy");
		got += (uint32_t)n;
	}
	return (int32_t)size;
}

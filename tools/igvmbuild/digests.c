/* SPDX-License-Identifier: MIT */
/* Launch digests of images that are not written. */
#include "tools/igvmbuild/digests.h"

#include <stdio.h>

#include "lib/igvm_digest.h"
#include "tools/common/image.h"
#include "tools/common/sha.h"

#define NAME "image in memory"

enum err digests_print(uint64_t cpus, const struct file_bytes *file)
{
	static const struct igvm_digest_rules rules;
	struct launch_digest d;
	struct igvm_file igvm;
	struct igvm_fault fault;
	enum err e = image_check(NAME, file->bytes, file->size, &igvm);

	if (e != OK)
		return e;
	launch_digest_init(&d, &sha_libcrypto);
	e = igvm_digest(&igvm, &rules, NULL, &d, &fault);
	if (e != OK) {
		image_complain(NAME, &fault);
		return e;
	}
	printf("%llu ", (unsigned long long)cpus);
	for (size_t i = 0; i < sizeof(d.ld); i++)
		printf("%02x", d.ld[i]);
	putchar('\n');
	return OK;
}

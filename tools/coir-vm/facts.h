/* SPDX-License-Identifier: MIT */
/* What an image needs of the machine that is started for it. */
#pragma once

#include "lib/igvm_read.h"

struct image_facts {
	uint64_t size; /* of the file */
	/* End of what the image loads into memory below 2 GiB. */
	uint64_t low_end;
};

/* ERR_FORMAT: it does not start on SEV-SNP; one line on stderr says why. */
must_check enum err facts_of(const char *path, const struct igvm_file *igvm,
			     struct image_facts *out);

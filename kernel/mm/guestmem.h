/* SPDX-License-Identifier: MIT */
/*
 * Guest memory by checked ranges: copy in once, then only the copy exists.
 * Every copy also makes sure that the pages are validated, so that a guest
 * cannot make us touch what the host holds; a page that the host pulled away
 * is an error, not a crash. Takes pvalid's lock of one 2 MiB region a time.
 */
#pragma once

#include <stdbool.h>

#include "lib/addr.h"
#include "lib/err.h"

/* Guest memory of one map entry, not ours, does not wrap, not empty.
 * guest_range_check() is the only maker; chunk is pvalid's. */
struct guest_range {
	struct pa_range r;
	uint32_t chunk; /* number of the 2 MiB region where r starts */
};

/* ERR_RANGE: not guest memory, or (part of) ours. */
must_check enum err guest_range_check(uint64_t start, uint64_t size,
				      struct guest_range *out);

/* A piece of a checked range; off + size within it, else ERR_RANGE. */
must_check enum err guest_range_part(struct guest_range from, uint64_t off,
				     uint64_t size, struct guest_range *out);

/* ERR_RANGE: off + size beyond the range; ERR_ABSENT: a page is not
 * validated; ERR_HOST: the host took a page away meanwhile. */
must_check enum err guest_read(struct guest_range from, uint64_t off, void *to,
			       uint64_t size);
must_check enum err guest_write(struct guest_range to, uint64_t off,
				const void *from, uint64_t size);

/*
 * Copies between mapped addresses of which either may fault: through a
 * window, or a page that is mapped for good and pinned. false: it faulted.
 */
must_check bool guest_copy(void *to, const void *from, uint64_t size);

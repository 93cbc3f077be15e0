/* SPDX-License-Identifier: MIT */
/* What an image needs of the machine that is started for it. */
#include "tools/coir-vm/facts.h"

#include "tools/common/say.h"

/* Below this address all machines of QEMU have plain RAM, if enough of it. */
#define LOW_RAM (2ull << 30)

static enum err refuse(const char *path, const char *why)
{
	say_error("%s: %s", path, why);
	return ERR_FORMAT;
}

enum err facts_of(const char *path, const struct igvm_file *igvm,
		  struct image_facts *out)
{
	struct image_facts facts = { igvm->size, 0 };
	struct igvm_iter it = igvm_first(igvm);
	struct igvm_item item;
	bool runnable = false;
	uint32_t mask;

	if (igvm_platform_mask(igvm, IGVM_PLATFORM_SEV_SNP, &mask) != OK)
		return refuse(path, "not made for SEV-SNP");
	while (igvm_next(&it, &item)) {
		struct pa_range r;

		if (item.skipped || !(item.mask & mask))
			continue;
		if (item.type == IGVM_VHT_VP_CONTEXT)
			runnable = true;
		if (igvm_item_range(&item, &r) && r.start.v < LOW_RAM &&
		    pa_range_end(r) > facts.low_end)
			facts.low_end = pa_range_end(r);
	}
	if (!runnable)
		return refuse(path, "no processor state for SEV-SNP");
	*out = facts;
	return OK;
}

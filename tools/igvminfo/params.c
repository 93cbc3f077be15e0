/* SPDX-License-Identifier: MIT */
/* The SVSM's parameters as its boot stage would find them. */
#include "tools/igvminfo/params.h"

#include <stdio.h>
#include <string.h>

#include "abi/snp/vmsa.h"
#include "tools/igvminfo/words.h"

static bool page_at(const struct igvm_file *file, uint32_t mask, uint64_t gpa,
		    struct params *out)
{
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;

	while (igvm_next(&it, &item)) {
		if (item.type != IGVM_VHT_PAGE_DATA || item.skipped ||
		    !(item.mask & mask) || item.page.gpa != gpa || !item.data ||
		    item.data_size < sizeof(*out))
			continue;
		memcpy(out, item.data, sizeof(*out));
		return out->magic == PARAMS_MAGIC &&
		       out->version == PARAMS_VERSION;
	}
	return false;
}

bool params_find(const struct igvm_file *file, struct params *out)
{
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;
	struct vmsa vmsa;
	uint32_t mask;

	if (igvm_platform_mask(file, IGVM_PLATFORM_SEV_SNP, &mask) != OK)
		return false;
	while (igvm_next(&it, &item)) {
		if (item.type != IGVM_VHT_VP_CONTEXT || item.skipped ||
		    !(item.mask & mask) || !item.data ||
		    item.data_size < sizeof(vmsa))
			continue;
		memcpy(&vmsa, item.data, sizeof(vmsa));
		return page_at(file, mask, vmsa.rsi, out);
	}
	return false;
}

void params_print(const struct igvm_file *file)
{
	struct params p;

	if (!params_find(file, &p))
		return;
	printf("\nSVSM at 0x%llx: image %s, takes %s to %s, up to %u vCPUs, "
	       "guest at VMPL%u\n",
	       (unsigned long long)p.svsm_base, words_size(p.image_size),
	       words_size(p.svsm_min_size), words_size(p.svsm_max_size),
	       p.cpus_max, p.guest_vmpl);
}

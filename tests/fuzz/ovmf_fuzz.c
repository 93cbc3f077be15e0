/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a firmware image. Input is the image's end; zeroes are put
 * before it up to whole pages, so that small inputs reach the tables.
 */
/* test-sources: lib/ovmf.c lib/str.c */
#include "lib/ovmf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool condition)
{
	if (!condition)
		abort();
}

static void check_records(const struct ovmf_records *r)
{
	struct ovmf_record found;

	insist(r->count <= OVMF_RECORDS_MAX && (r->present || !r->count));
	for (uint32_t i = 0; i < r->count; i++) {
		insist((uint64_t)r->at[i].start + r->at[i].size <= OVMF_END);
		if (r->at[i].size)
			insist(ovmf_find(r, r->at[i].type, &found) !=
			       ERR_ABSENT);
	}
}

static void check_area(const struct ovmf_image *image)
{
	struct ovmf_record area, map;

	if (ovmf_find(&image->igvm, OVMF_IGVM_MEMORY_MAP, &map) != OK)
		return;
	insist(ovmf_find(&image->igvm, OVMF_IGVM_AREA, &area) == OK);
	insist((uint64_t)map.start + map.size <= area.size);
}

static void check(const uint8_t *bytes, size_t size)
{
	struct ovmf_image image;
	const char *why = NULL;

	if (ovmf_open(&image, bytes, size, &why) != OK) {
		insist(why != NULL);
		return;
	}
	insist(why == NULL && pa_range_end(image.flash) == OVMF_END);
	insist(pa_range_end(image.launch_secret) <= OVMF_END &&
	       pa_range_end(image.hash_table) <= OVMF_END);
	check_records(&image.sev);
	check_records(&image.igvm);
	check_area(&image);
	insist(image.tdx_count <= OVMF_RECORDS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t whole = addr_up(size + 1, PAGE_4K);
	uint8_t *bytes = calloc(1, whole);

	insist(bytes != NULL);
	if (size)
		memcpy(bytes + whole - size, data, size);
	check(bytes, whole);
	free(bytes);
	return 0;
}

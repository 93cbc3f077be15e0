/* SPDX-License-Identifier: MIT */
/* proof: a body that was taken names data only behind the headers and in the
 *   file, memory only of whole pages that does not wrap, and writes into an area
 *   only what fits there
 * sources: lib/igvm_body.c lib/str.c proofs/fake/bytes.c
 * bound: a file of any size with at most 2 areas and platforms; the tables of
 *   types are not walked
 * flags: --unwind 4
 * mutation: lib/igvm_body.c@check_data: at < f->header_end || =>
 * mutation: lib/igvm_body.c@check_data: size > f->size - at => size > f->size
 * mutation: lib/igvm_body.c@check_usage: it->area->size - usage_size(it->type) => it->area->size
 * mutation: lib/igvm_body.c@check_memory: pa_range_make(gpa, size, &r) != OK => false
 */
#include "lib/igvm_body.c"

#include <stdlib.h>

#include "proofs/fake/proof.h"

static struct igvm_file file;
static struct igvm_item item;

static void data(uint64_t size)
{
	size_t at = (size_t)(item.data - file.bytes);

	PROVE(at >= file.header_end && at <= file.size);
	PROVE(size <= file.size - at && item.data_size == (uint32_t)size);
}

static void memory(uint64_t gpa, uint64_t size)
{
	PROVE(gpa % PAGE_4K == 0 && size % PAGE_4K == 0 && size);
	PROVE(gpa < PA_LIMIT && size <= PA_LIMIT - gpa);
}

static void page(void)
{
	uint64_t size;

	if (check_page(&file, &item))
		return;
	size = item.page.flags & IGVM_PAGE_IS_2MB ? PAGE_2M : PAGE_4K;
	memory(item.page.gpa, size);
	PROVE(item.page.gpa % size == 0);
	if (item.data)
		data(size);
	SEEN(item.data && size == PAGE_2M);
}

static void insert(void)
{
	if (check_insert(&file, &item))
		return;
	PROVE(item.area >= file.areas &&
	      item.area < file.areas + file.area_count);
	PROVE(item.area->index == item.insert.parameter_area_index);
	memory(item.insert.gpa, item.area->size);
}

static void usage(void)
{
	uint32_t at = item.usage.byte_offset;

	if (check_usage(&file, &item))
		return;
	PROVE(at < item.area->size);
	PROVE(item.type != IGVM_VHT_VP_COUNT || item.area->size - at >= 4);
	PROVE(item.type != IGVM_VHT_MMIO_RANGES || item.area->size - at >= 32);
}

static void area(void)
{
	if (check_area(&file, &item))
		return;
	PROVE(item.parameter_area.number_of_bytes % PAGE_4K == 0);
	PROVE(item.parameter_area.number_of_bytes <= IGVM_AREA_BYTES_MAX);
	if (item.data)
		data(item.parameter_area.number_of_bytes);
}

static void required(void)
{
	if (!check_required(&file, &item))
		memory(item.required.gpa, item.required.number_of_bytes);
}

int main(void)
{
	ANY(file);
	ANY(item);
	item.data = NULL;
	file.area_count = (uint32_t)any_upto(2);
	/* igvm_read.h: headers end in the file; check_area came before. */
	GIVEN(file.header_end < file.size && file.size <= UINT32_MAX);
	file.bytes = malloc(file.size);
	GIVEN(file.areas[0].size >= PAGE_4K && file.areas[1].size >= PAGE_4K);
	GIVEN(file.areas[0].size <= IGVM_AREA_BYTES_MAX &&
	      file.areas[1].size <= IGVM_AREA_BYTES_MAX);
	switch (any_upto(4)) {
	case 0:
		page();
		break;
	case 1:
		insert();
		break;
	case 2:
		usage();
		break;
	case 3:
		area();
		break;
	default:
		required();
	}
	return 0;
}

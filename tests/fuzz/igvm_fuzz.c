/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an IGVM file: reader, overlap check, digest, igvminfo. Size and
 * checksum are made right first, or nothing would get past them.
 */
/* test-sources: lib/igvm_read.c lib/igvm_body.c lib/igvm_overlap.c */
/* test-sources: lib/igvm_digest.c lib/launch_digest.c lib/sha384.c */
/* test-sources: lib/crc32.c */
/* test-sources: lib/str.c lib/bitmap.c tools/igvminfo/words.c */
/* test-sources: tools/igvminfo/map.c tests/vectors/igvm_sheet.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/igvm_digest.h"
#include "tests/vectors/igvm_sheet.h"
#include "tools/igvminfo/map.h"
#include "tools/igvminfo/words.h"

/* Hashing is slow here; a few pages show all there is to see. */
#define DIGEST_BYTES_MAX (64 * PAGE_4K)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return freopen("/dev/null", "w", stdout) ? 0 : -1;
}

static void insist(bool condition)
{
	if (!condition)
		abort();
}

static void check_item(const struct igvm_file *f, const struct igvm_item *it)
{
	struct pa_range r;

	insist(it->offset % IGVM_HEADER_ALIGN == 0);
	insist(it->offset >= f->header_offset && it->offset < f->header_end);
	if (it->data) {
		insist(it->data >= f->bytes + f->header_end);
		insist(it->data_size <= f->size);
		insist(it->data + it->data_size <= f->bytes + f->size);
	}
	if (it->area)
		insist(it->area >= f->areas &&
		       it->area < f->areas + f->area_count);
	if (igvm_item_range(it, &r)) {
		insist(r.size && r.start.v % PAGE_4K == 0);
		insist(r.size % PAGE_4K == 0 && pa_range_end(r) <= PA_LIMIT);
	}
}

static void check_digest(const struct igvm_file *f, bool flag)
{
	const struct igvm_digest_rules rules = { flag, flag };
	struct launch_digest d;
	struct igvm_fault fault;
	uint32_t mask;
	enum err e;

	for (uint32_t i = 0; i < f->platform_count; i++)
		if (f->loaded_bytes[i] > DIGEST_BYTES_MAX)
			return;
	launch_digest_init(&d, &launch_digest_sha384);
	e = igvm_digest(f, &rules, NULL, &d, &fault);
	insist((e == ERR_ABSENT) ==
	       (igvm_platform_mask(f, IGVM_PLATFORM_SEV_SNP, &mask) != OK));
	insist(e == OK || fault.text);
}

static void check_file(const struct igvm_file *f)
{
	struct igvm_span spans[64];
	struct igvm_iter it = igvm_first(f);
	struct igvm_item item;
	struct igvm_fault fault;
	uint32_t count = 0;

	while (igvm_next(&it, &item)) {
		check_item(f, &item);
		count++;
	}
	/* What open accepted, iteration must find, all of it. */
	insist(count == f->header_count);
	for (uint32_t bit = 0; bit < 8; bit++) {
		enum err e =
			igvm_overlap_check(f, 1u << bit, spans, 64, &fault);

		insist(e == OK || fault.offset < f->header_end);
	}
	check_digest(f, false);
	check_digest(f, true);
	words_print("fuzz", f);
	insist(map_print(f) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct igvm_file f;
	struct igvm_fault fault = { ~0ull, NULL };
	uint32_t total = (uint32_t)size;
	uint8_t *copy = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	if (size >= 0x20) {
		memcpy(copy + 0x10, &total, 4);
		sheet_fix_checksum(copy, size);
	}
	copy = realloc(copy, size ? size : 1);
	if (igvm_open(&f, copy, size, &fault) == OK)
		check_file(&f);
	else
		insist(fault.text && fault.offset <= size);
	free(copy);
	return 0;
}

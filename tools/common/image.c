/* SPDX-License-Identifier: MIT */
/* IGVM files for tools: read, check, complain in one line. */
#include "tools/common/image.h"

#include <stdlib.h>

#include "tools/common/say.h"

void image_complain(const char *name, const struct igvm_fault *fault)
{
	say_error("%s: offset 0x%llx: %s", name,
		  (unsigned long long)fault->offset, fault->text);
}

static enum err overlap_check(const struct igvm_file *igvm,
			      struct igvm_fault *fault)
{
	struct igvm_span *spans = calloc(igvm->header_count, sizeof(*spans));
	enum err e = OK;

	if (!spans) {
		*fault = (struct igvm_fault){ 0, "no memory for the check" };
		return ERR_NOMEM;
	}
	/* Platforms may load different things at one address. */
	for (uint32_t i = 0; i < igvm->platform_count && e == OK; i++)
		e = igvm_overlap_check(igvm,
				       igvm->platforms[i].compatibility_mask,
				       spans, igvm->header_count, fault);
	free(spans);
	return e;
}

enum err image_check(const char *name, const void *bytes, size_t size,
		     struct igvm_file *igvm)
{
	struct igvm_fault fault;
	enum err e = igvm_open(igvm, bytes, size, &fault);

	if (e == OK)
		e = overlap_check(igvm, &fault);
	if (e != OK)
		image_complain(name, &fault);
	return e;
}

enum err image_open(const char *path, struct image *image)
{
	enum err e = file_read(path, FILE_SIZE_MAX, &image->file);

	if (e != OK)
		return e;
	e = image_check(path, image->file.bytes, image->file.size,
			&image->igvm);
	if (e != OK)
		file_free(&image->file);
	return e;
}

void image_close(struct image *image)
{
	file_free(&image->file);
}

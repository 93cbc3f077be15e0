/* SPDX-License-Identifier: MIT */
/* The Linux bzImage format: only what a 64-bit entry needs. */
#include "tools/igvmbuild/bzimage.h"

#include <string.h>

#include "abi/linux/boot.h"
#include "lib/addr.h"
#include "tools/common/say.h"

#define SECTOR		    512u
#define SETUP_SECTS_DEFAULT 4u
/* syssize counts these. */
#define PARAGRAPH	    16ull
/* 2.12: the first version with xloadflags. */
#define VERSION_MIN	    0x20cu
/* A direct launch gives identity page tables for this much. */
#define LOAD_LIMIT	    (4ull << 30)

static enum err wrong(const char *path, const char *what)
{
	say_error("%s: %s", path, what);
	return ERR_FORMAT;
}

static enum err header_check(const char *path,
			     const struct linux_setup_header *h)
{
	if (h->header != LINUX_MAGIC)
		return wrong(path, "not a bzImage (no \"HdrS\" at 0x202)");
	if (h->version < VERSION_MIN)
		return wrong(path, "boot protocol older than 2.12");
	if (!(h->xloadflags & LINUX_XLF_64))
		return wrong(path, "kernel without a 64-bit entry");
	if (!h->pref_address || !addr_aligned(h->pref_address, PAGE_4K))
		return wrong(path, "unusable preferred load address");
	if (h->pref_address > LOAD_LIMIT ||
	    h->init_size > LOAD_LIMIT - h->pref_address)
		return wrong(path, "kernel wants memory above 4 GiB");
	return OK;
}

static void bzimage_fill(const struct linux_setup_header *h,
			 const struct file_bytes *file, size_t at,
			 struct bzimage *out)
{
	*out = (struct bzimage){
		.setup = file->bytes,
		.code = file->bytes + at,
		.code_size = file->size - at,
		.load = h->pref_address,
		.init_size = addr_up(h->init_size, PAGE_4K),
		.entry = h->pref_address + LINUX_ENTRY64,
		.initrd_max = h->initrd_addr_max,
		.cmdline_max = h->cmdline_size,
	};
}

enum err bzimage_parse(const char *path, const struct file_bytes *file,
		       struct bzimage *out)
{
	struct linux_setup_header h;
	size_t sectors, at;
	enum err e;

	if (file->size < PAGE_4K)
		return wrong(path, "too short for a bzImage");
	memcpy(&h, file->bytes + LINUX_SETUP_HEADER, sizeof(h));
	e = header_check(path, &h);
	if (e != OK)
		return e;
	sectors = h.setup_sects ? h.setup_sects : SETUP_SECTS_DEFAULT;
	at = (sectors + 1) * SECTOR;
	if (file->size < at || file->size - at <= LINUX_ENTRY64)
		return wrong(path, "bzImage cut off before its 64-bit entry");
	if (file->size - at < h.syssize * PARAGRAPH)
		return wrong(path, "bzImage cut off");
	if (h.init_size < file->size - at)
		return wrong(path, "init_size smaller than the kernel itself");
	bzimage_fill(&h, file, at, out);
	return OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * Firmware as a guest: what of it goes where, from the tables in its image.
 * It is refused here, with the reason, if it could not run as it is to.
 */
#pragma once

#include "abi/boot/params.h"
#include "lib/ovmf.h"
#include "tools/common/file.h"

struct firmware {
	const uint8_t *bytes; /* the file's, not owned */
	struct ovmf_image image;
	/*
	 * At the image's start: the variables. Such firmware reads them as
	 * memory of the host, so they are shared pages, not measured, and not
	 * part of params.flash. May be empty.
	 */
	uint64_t variables_size;
	/* What the SVSM is told: flash, pages to fill, memory to accept. */
	struct params_firmware params;
};

/*
 * The file must outlive *out. @under_svsm: it runs below one, and must then
 * know of it. ERR_FORMAT: broken, or not of that kind; the reason has been
 * said on stderr.
 */
must_check enum err firmware_parse(const char *path,
				   const struct file_bytes *file,
				   bool under_svsm, struct firmware *out);

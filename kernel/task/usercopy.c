/* SPDX-License-Identifier: MIT */
/* Copies across the border of ring 3. */
#include "kernel/task/usercopy.h"

#include "hw/cpu.h"
#include "kernel/cpu/features.h"
#include "kernel/cpu/user.h"
#include "kernel/mm/guestmem.h"

bool usercopy_range(uint64_t at, uint64_t size)
{
	return at < USER_END && size <= USER_END - at;
}

static enum err copy(void *to, const void *from, uint64_t size)
{
	bool smap = features_smap(), done;

	if (smap)
		hw_stac();
	done = guest_copy(to, from, size);
	if (smap)
		hw_clac();
	return done ? OK : ERR_ABSENT;
}

enum err usercopy_in(void *to, uint64_t from, uint64_t size)
{
	if (!usercopy_range(from, size))
		return ERR_RANGE;
	return copy(to, (const void *)from, size);
}

enum err usercopy_out(uint64_t to, const void *from, uint64_t size)
{
	if (!usercopy_range(to, size))
		return ERR_RANGE;
	return copy((void *)to, from, size);
}

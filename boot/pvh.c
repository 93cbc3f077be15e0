/* SPDX-License-Identifier: MIT */
/* The loader's structures: each is bounded before it is looked into. */
#include "boot/pvh.h"

#include <stddef.h>

#include "abi/boot/launch.h"
#include "abi/pvh.h"
#include "boot/offsets.h"

#define REACH (1ull << 32)

bool pvh_reachable(uint64_t at, uint64_t size)
{
	if (!at || at >= REACH || size > REACH - at)
		return false;
	return at >= SVSM_BASE + SVSM_IMAGE_MAX || at + size <= PVH_TABLES;
}

static const char *module_read(const struct pvh_start_info *s,
			       struct pvh_told *out)
{
	const struct pvh_module *m = (const void *)s->module_list;

	if (!s->modules)
		return NULL;
	if (s->modules > 1)
		return "more than one module";
	if (!pvh_reachable(s->module_list, sizeof(*m)))
		return "the list of modules is out of reach";
	if (!pvh_reachable(m->start, m->size) || m->size > PVH_SERVICES_MAX)
		return "the module is out of reach, or too large";
	out->services = m->start;
	out->services_size = m->size;
	return NULL;
}

const char *pvh_read(uint64_t info, struct pvh_told *out)
{
	const struct pvh_start_info *s = (const void *)info;
	uint64_t bytes;

	*out = (struct pvh_told){ 0 };
	if (!pvh_reachable(info, sizeof(*s)) || s->magic != PVH_MAGIC)
		return "no PVH start info";
	if (!s->version)
		return "PVH start info without a memory map";
	bytes = s->memory_map_entries * sizeof(struct pvh_memory);
	if (!s->memory_map_entries || s->memory_map_entries > PVH_ENTRIES_MAX ||
	    !pvh_reachable(s->memory_map, bytes))
		return "the memory map is empty, too long, or out of reach";
	if (s->cmdline && !pvh_reachable(s->cmdline, 1))
		return "the command line is out of reach";
	out->map = s->memory_map;
	out->map_count = s->memory_map_entries;
	out->cmdline = s->cmdline;
	out->rsdp = s->rsdp;
	return module_read(s, out);
}

uint32_t pvh_text(uint64_t from, char *to, uint32_t size)
{
	uint32_t n = 0;

	for (; from && n < size - 1 && pvh_reachable(from + n, 1); n++) {
		to[n] = *(const char *)(from + n);
		if (!to[n])
			break;
	}
	to[n] = 0;
	return n + 1;
}

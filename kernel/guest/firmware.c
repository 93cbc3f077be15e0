/* SPDX-License-Identifier: MIT */
/* Firmware's first memory, and its first vCPU. */
#include "kernel/guest/firmware.h"

#include "abi/boot/tables.h"
#include "abi/igvm.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/guest/first.h"
#include "kernel/guest/firmmap.h"
#include "kernel/guest/mapout.h"
#include "kernel/guest/ram.h"
#include "kernel/guest/topology.h"
#include "kernel/mm/kmap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/page.h"
#include "kernel/mm/tmpmap.h"
#include "lib/str.h"

#define FLASH_END  (1ull << 32)
#define FLASH_MAX  (16ull << 20)
#define MAP_ROOM   (PAGE_4K / sizeof(struct igvm_memory_map_entry))
#define COUNT_SIZE sizeof(uint32_t)

/* Does some range that will be accepted hold all of it? */
static bool inside(const struct params_firmware *f, uint64_t start,
		   uint64_t size)
{
	for (uint32_t i = 0; i < f->range_count; i++) {
		const struct params_range *r = &f->range[i];

		if (start >= r->start && size <= r->size &&
		    start - r->start <= r->size - size)
			return true;
	}
	return false;
}

static bool ranges_good(const struct params_firmware *f)
{
	uint64_t last = 0;

	if (f->range_count > PARAMS_MAX_FIRMWARE_RANGES)
		return false;
	for (uint32_t i = 0; i < f->range_count; i++) {
		struct params_range r = f->range[i];

		if (!addr_aligned(r.start | r.size, PAGE_4K) || !r.size ||
		    r.start < last || r.start > f->flash.start ||
		    r.size > f->flash.start - r.start)
			return false;
		last = r.start + r.size;
	}
	return true;
}

static bool page_good(const struct params_firmware *f, uint64_t page)
{
	return addr_aligned(page, PAGE_4K) && inside(f, page, PAGE_4K);
}

/* Windows show one page: what is written lies within one. */
static bool piece_good(const struct params_firmware *f, struct params_range r)
{
	return inside(f, r.start, r.size) && r.size <= PAGE_4K &&
	       addr_down(r.start, PAGE_4K) ==
		       addr_down(r.start + r.size - 1, PAGE_4K);
}

static bool params_good(const struct params *params)
{
	const struct params_firmware *f = &params->firmware;
	uint64_t map = addr_down(f->memory_map.start, PAGE_4K);

	return params->guest_vmpl && f->flash.size <= FLASH_MAX &&
	       f->flash.start == FLASH_END - f->flash.size && ranges_good(f) &&
	       page_good(f, f->secrets) && page_good(f, f->cpuid) &&
	       page_good(f, f->caa) && f->memory_map.size &&
	       piece_good(f, f->memory_map) &&
	       (!f->vp_count.size || (f->vp_count.size >= COUNT_SIZE &&
				      piece_good(f, f->vp_count))) &&
	       (!f->tables.size ||
		(piece_good(f, f->tables) &&
		 addr_down(f->tables.start, PAGE_4K) == map)) &&
	       f->secrets != f->cpuid && f->secrets != f->caa &&
	       f->cpuid != f->caa && map != f->secrets && map != f->cpuid &&
	       map != f->caa;
}

/* Part of a page of the guest, which piece_good() has seen. */
static void piece_write(const struct params_range *where, const void *data,
			size_t size)
{
	struct pa start = { addr_down(where->start, PAGE_4K) };
	struct tmpmap map = tmpmap_4k(start, KMAP_WRITE);

	memcpy((uint8_t *)map.va + (where->start - start.v), data, size);
	tmpmap_drop(map);
}

static void cpuid_fill(const struct params *params)
{
	struct tmpmap map =
		tmpmap_4k((struct pa){ params->firmware.cpuid }, KMAP_WRITE);

	memcpy(map.va, kmap_image((struct pa){ params->cpuid_page }), PAGE_4K);
	tmpmap_drop(map);
}

/* Made in a page of ours: the firmware's own place may be short. */
static void map_fill(const struct params_range *where)
{
	size_t room = where->size / sizeof(struct igvm_memory_map_entry);
	struct tmpmap scratch;
	struct pa page;
	size_t count;

	if (page_take(&page) != OK)
		panic_memory("firmware's memory map");
	scratch = tmpmap_4k(page, KMAP_WRITE);
	if (mapout_write(MAPOUT_RAM, scratch.va, MAP_ROOM, &count) != OK)
		panic("the memory map does not fit into a page");
	firmmap_shape(scratch.va, MAP_ROOM, &count);
	/* The entry of size 0 that ends the list needs room as well. */
	if (count >= room)
		panic_refused("host's memory map: %u ranges, firmware takes %u",
			      (unsigned int)count, (unsigned int)room - 1);
	piece_write(where, scratch.va,
		    (count + 1) * sizeof(struct igvm_memory_map_entry));
	tmpmap_drop(scratch);
	page_give(page);
}

/* The head and the tables; false: more than there is room for. */
static bool tables_make(const struct params_range *where, void *to,
			size_t *size)
{
	struct cursor_out out = cursor_out_make(to, where->size);
	struct tables_block *block = cursor_out_take(&out, sizeof(*block));
	size_t offsets[TOPOLOGY_TABLES];
	unsigned int count;

	_Static_assert(TABLES_ALIGN == TOPOLOGY_ALIGN, "as they are written");
	if (!block || topology_write(&out, offsets, &count) != OK)
		return false;
	cursor_out_align(&out, TABLES_ALIGN);
	*size = cursor_out_offset(&out);
	*block = (struct tables_block){ TABLES_MAGIC, (uint32_t)*size, count };
	return !out.failed;
}

/* No firmware that is known reads them: none is missed if they do not fit. */
static void tables_fill(const struct params_range *where)
{
	struct tmpmap scratch;
	struct pa page;
	size_t size;

	if (!where->size)
		return;
	if (page_take(&page) != OK)
		panic_memory("firmware's ACPI tables");
	scratch = tmpmap_4k(page, KMAP_WRITE);
	if (tables_make(where, scratch.va, &size))
		piece_write(where, scratch.va, size);
	else
		log_line("no room for ACPI tables beside the firmware's "
			 "memory map");
	tmpmap_drop(scratch);
	page_give(page);
}

void firmware_prepare(const struct params *params)
{
	const struct params_firmware *f = &params->firmware;

	if (!params_good(params))
		panic("the parameters of the firmware make no sense");
	for (uint32_t i = 0; i < f->range_count; i++)
		ram_accept((struct pa_range){ { f->range[i].start },
					      f->range[i].size },
			   RAM_CLEAR);
	first_secrets(params, (struct pa){ f->secrets }, (struct pa){ f->caa });
	cpuid_fill(params);
	map_fill(&f->memory_map);
	tables_fill(&f->tables);
}

void firmware_start(const struct params *params, struct percpu *cpu,
		    uint32_t cpus)
{
	struct guest_start start = {
		.mode = GUEST_START_RESET,
		.vmpl = params->guest_vmpl,
		.apic_id = cpu->apic_id,
		.sev_features = params->sev_features,
	};

	if (params->firmware.vp_count.size)
		piece_write(&params->firmware.vp_count, &cpus, COUNT_SIZE);
	first_vcpu(cpu, &start, (struct pa){ params->firmware.caa });
}

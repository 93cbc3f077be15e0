/* SPDX-License-Identifier: MIT */
/* Firmware's first memory, and its first vCPU. */
#include "kernel/guest/firmware.h"

#include "abi/igvm.h"
#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/guest/first.h"
#include "kernel/guest/firmmap.h"
#include "kernel/guest/mapout.h"
#include "kernel/mm/guestpage.h"
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
	       f->secrets != f->cpuid && f->secrets != f->caa &&
	       f->cpuid != f->caa && map != f->secrets && map != f->cpuid &&
	       map != f->caa;
}

static void page_accept(uint64_t at)
{
	enum page_result r = PAGE_NOT_GUEST;
	struct guest_range page;

	if (guestpage_check(at, PAGE_SIZE_4K, &page) == OK)
		r = guestpage_validate(page, PAGE_SIZE_4K, false);
	if (r == PAGE_NO_MEMORY)
		panic_memory("the record of firmware page 0x%llx",
			     (unsigned long long)at);
	if (r == PAGE_NOT_GUEST)
		panic_refused("firmware's memory at 0x%llx is not RAM",
			      (unsigned long long)at);
	if (r != PAGE_OK)
		panic_refused("cannot validate firmware page 0x%llx: 0x%x",
			      (unsigned long long)at, r);
}

static void range_accept(struct params_range range)
{
	struct pa_range pages = { { range.start }, range.size };

	if (platform->page_state(pages, PAGE_PRIVATE) != OK)
		panic_refused("the host keeps memory at 0x%llx",
			      (unsigned long long)range.start);
	for (uint64_t off = 0; off < range.size; off += PAGE_4K)
		page_accept(range.start + off);
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
	struct pa start = { addr_down(where->start, PAGE_4K) };
	size_t room = where->size / sizeof(struct igvm_memory_map_entry);
	struct tmpmap map, scratch;
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
	map = tmpmap_4k(start, KMAP_WRITE);
	memcpy((uint8_t *)map.va + (where->start - start.v), scratch.va,
	       (count + 1) * sizeof(struct igvm_memory_map_entry));
	tmpmap_drop(map);
	tmpmap_drop(scratch);
	page_give(page);
}

void firmware_prepare(const struct params *params)
{
	const struct params_firmware *f = &params->firmware;

	if (!params_good(params))
		panic("the parameters of the firmware make no sense");
	for (uint32_t i = 0; i < f->range_count; i++)
		range_accept(f->range[i]);
	first_secrets(params, (struct pa){ f->secrets }, (struct pa){ f->caa });
	cpuid_fill(params);
	map_fill(&f->memory_map);
}

static void count_fill(const struct params_range *where, uint32_t cpus)
{
	struct pa start = { addr_down(where->start, PAGE_4K) };
	struct tmpmap map;

	if (!where->size)
		return;
	map = tmpmap_4k(start, KMAP_WRITE);
	memcpy((uint8_t *)map.va + (where->start - start.v), &cpus, COUNT_SIZE);
	tmpmap_drop(map);
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

	count_fill(&params->firmware.vp_count, cpus);
	first_vcpu(cpu, &start, (struct pa){ params->firmware.caa });
}

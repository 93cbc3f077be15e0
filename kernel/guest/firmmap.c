/* SPDX-License-Identifier: MIT */
/* Joins, cuts and adds entries in place. */
#include "kernel/guest/firmmap.h"

#include "kernel/base/log.h"
#include "kernel/base/panic.h"
#include "kernel/guest/ram.h"
#include "kernel/mm/memmap.h"
#include "lib/str.h"

/*
 * OVMF calls the first entry its low memory, and puts PCI devices from the
 * next power of two on, but not below 2 GiB, up to 4 GiB.
 */
#define PCI_LOWEST (2ull << 30)
#define PCI_END	   (4ull << 30)
/* OVMF's own needs below our region: its decompressed volumes and more. */
#define LOW_LEAST  (64ull << 20)

static uint64_t start_of(const struct igvm_memory_map_entry *e)
{
	return e->starting_gpa_page_number * PAGE_4K;
}

static uint64_t end_of(const struct igvm_memory_map_entry *e)
{
	return start_of(e) + e->number_of_pages * PAGE_4K;
}

static void remove(struct igvm_memory_map_entry *map, size_t at, size_t *count)
{
	memmove(map + at, map + at + 1, (*count - at - 1) * sizeof(*map));
	map[--*count] = (struct igvm_memory_map_entry){ 0 };
}

/* The entry of size 0 that ends the list stays behind them all. */
static void insert(struct igvm_memory_map_entry *map, size_t room, size_t at,
		   size_t *count)
{
	if (*count + 1 >= room)
		panic("no room for one more entry in the memory map");
	memmove(map + at + 1, map + at, (*count - at) * sizeof(*map));
	++*count;
}

/* Firmware knows the window below 1 MiB, and stops at the first gap. */
static void window_close(struct igvm_memory_map_entry *map, size_t *count)
{
	while (*count > 1 && end_of(&map[0]) >= LEGACY_START &&
	       start_of(&map[1]) <= LEGACY_START + LEGACY_SIZE) {
		map[0].number_of_pages = end_of(&map[1]) / PAGE_4K -
					 map[0].starting_gpa_page_number;
		remove(map, 1, count);
	}
}

/* RAM where firmware expects devices would answer in their place. */
static void devices_clear(struct igvm_memory_map_entry *map, size_t room,
			  size_t *count)
{
	uint64_t lost = 0;

	for (size_t i = 1; i < *count; i++) {
		uint64_t start = start_of(&map[i]), end = end_of(&map[i]);
		struct igvm_memory_map_entry behind = map[i];

		if (end <= PCI_LOWEST || start >= PCI_END)
			continue;
		lost += (end < PCI_END ? end : PCI_END) -
			(start > PCI_LOWEST ? start : PCI_LOWEST);
		behind.starting_gpa_page_number = PCI_END / PAGE_4K;
		if (start < PCI_LOWEST)
			map[i].number_of_pages = (PCI_LOWEST - start) / PAGE_4K;
		else
			remove(map, i--, count);
		if (end <= PCI_END)
			continue;
		behind.number_of_pages = (end - PCI_END) / PAGE_4K;
		insert(map, room, ++i, count);
		map[i] = behind;
	}
	if (lost)
		log_line("%llu MiB of RAM below 4 GiB are not told to the "
			 "firmware, which has devices there",
			 (unsigned long long)lost >> 20);
}

static void ours_add(struct igvm_memory_map_entry *map, size_t room,
		     size_t *count)
{
	struct pa_range ours = memmap_svsm();
	size_t at = 0;

	while (at < *count && start_of(&map[at]) < ours.start.v)
		at++;
	insert(map, room, at, count);
	map[at] = (struct igvm_memory_map_entry){
		.starting_gpa_page_number = ours.start.v / PAGE_4K,
		.number_of_pages = ours.size / PAGE_4K,
		.type = IGVM_MEMORY_MAP_PLATFORM_RESERVED,
	};
}

void firmmap_shape(struct igvm_memory_map_entry *map, size_t room,
		   size_t *count)
{
	window_close(map, count);
	if (!*count || start_of(&map[0]) || end_of(&map[0]) < LOW_LEAST)
		panic_refused("host's memory map: firmware needs %llu MiB of "
			      "RAM from address 0 on",
			      (unsigned long long)LOW_LEAST >> 20);
	devices_clear(map, room, count);
	ours_add(map, room, count);
}

/* SPDX-License-Identifier: MIT */
/* Bytes pass through; those of a few items are replaced on their way. */
#include "emu/fwcfg.h"

#include "emu/machine.h"
#include "hw/io.h"
#include "lib/str.h"

#define KEY_ID		 0x01u
#define KEY_RAM_SIZE	 0x03u
#define KEY_NB_CPUS	 0x05u
#define KEY_KERNEL_FIRST 0x07u
#define KEY_KERNEL_LAST	 0x18u
#define KEY_BOOT_MENU	 0x0eu
#define KEY_MAX_CPUS	 0x0fu
#define KEY_DIRECTORY	 0x19u
#define ID_DMA		 0x02u
#define NAME_SIZE	 56u
#define E820_RAM	 1u
#define E820_RESERVED	 2u
#define E820_ENTRY	 20u

#define MAX_HOLE 0x100000u

#define LIE_SIZE (3ull << 30)
#define LIE_CPUS 3u

#define CMOS_LOW  0x34u /* 64 KiB units above 16 MiB */
#define CMOS_HIGH 0x5bu /* 64 KiB units above 4 GiB, three bytes */

static struct {
	uint16_t key, e820_key;
	uint64_t offset;	   /* of the next byte */
	uint8_t entry[E820_ENTRY]; /* the E820 entry that offset lies in */
	uint8_t cmos_index;
} state;

static uint8_t raw(void)
{
	return hw_inb(FWCFG_DATA);
}

static uint32_t raw_big(unsigned int bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | raw();
	return v;
}

void fwcfg_init(void)
{
	uint32_t files;

	hw_outw(FWCFG_SELECTOR, KEY_DIRECTORY);
	files = raw_big(4);
	for (uint32_t i = 0; i < files && i < 256; i++) {
		char name[NAME_SIZE + 1] = { 0 };
		uint16_t key;

		(void)raw_big(4);
		key = (uint16_t)raw_big(2);
		(void)raw_big(2);
		for (unsigned int k = 0; k < NAME_SIZE; k++)
			name[k] = (char)raw();
		if (str_equal(name, "etc/e820"))
			state.e820_key = key;
	}
}

void fwcfg_select(uint16_t key)
{
	state.key = key;
	state.offset = 0;
	hw_outw(FWCFG_SELECTOR, key);
}

/* RAM that holds the firmware's tables does not count as the guest's size. */
static bool holds_tables(struct pa_range r)
{
	for (uint32_t i = 0; i < machine.reserved_count; i++)
		if (machine.reserved[i].start.v == r.start.v)
			return true;
	return false;
}

/* Guest RAM inside [from, to). */
static uint64_t ram_between(uint64_t from, uint64_t to)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < machine.ram_count; i++) {
		uint64_t start = machine.ram[i].start.v;
		uint64_t end = pa_range_end(machine.ram[i]);

		start = start > from ? start : from;
		end = end < to ? end : to;
		if (end > start && !holds_tables(machine.ram[i]))
			sum += end - start;
	}
	return sum;
}

static uint64_t ram_size(void)
{
	return addr_up(ram_between(0, PA_LIMIT), PAGE_2M);
}

/* A RAM entry of QEMU becomes the part of it that is the guest's. */
static void e820_cut(uint8_t entry[E820_ENTRY])
{
	uint64_t start, size, end, guest_end;
	uint32_t type = E820_RESERVED;

	memcpy(&start, entry, 8);
	memcpy(&size, entry + 8, 8);
	end = start + size;
	guest_end = start;
	for (uint32_t i = 0; i < machine.ram_count; i++) {
		uint64_t stop = pa_range_end(machine.ram[i]);

		/* Over the hole below 1 MiB, but not as far as the tables. */
		if (machine.ram[i].start.v <= guest_end + MAX_HOLE &&
		    stop > guest_end)
			guest_end = stop < end ? stop : end;
	}
	if (guest_end > start) {
		size = guest_end - start;
		memcpy(entry + 8, &size, 8);
	} else {
		memcpy(entry + 16, &type, 4);
	}
}

/* Tests only: RAM from 0 to far behind the SVSM, whatever the entry says. */
static void e820_lie(uint8_t entry[E820_ENTRY])
{
	const uint64_t start = 0, size = LIE_SIZE;
	const uint32_t type = E820_RAM;

	memcpy(entry, &start, 8);
	memcpy(entry + 8, &size, 8);
	memcpy(entry + 16, &type, 4);
}

static uint8_t e820_byte(void)
{
	uint64_t at = state.offset % E820_ENTRY;
	uint32_t type;

	if (at == 0) {
		for (unsigned int i = 0; i < E820_ENTRY; i++)
			state.entry[i] = raw();
		memcpy(&type, state.entry + 16, 4);
		if (type == E820_RAM)
			e820_cut(state.entry);
		if (machine.options.fwcfg == FWCFG_E820)
			e820_lie(state.entry);
	}
	return state.entry[at];
}

static uint8_t part(uint64_t value, uint64_t offset)
{
	return offset < 8 ? (uint8_t)(value >> 8 * offset) : 0;
}

uint8_t fwcfg_byte(void)
{
	uint64_t at = state.offset;
	uint8_t byte;

	if (state.e820_key && state.key == state.e820_key) {
		byte = e820_byte();
		state.offset++;
		return byte;
	}
	byte = raw();
	state.offset++;
	if (state.key == KEY_ID && at == 0)
		return byte & (uint8_t)~ID_DMA;
	if (state.key == KEY_RAM_SIZE)
		return part(machine.options.fwcfg == FWCFG_SIZE ? LIE_SIZE
								: ram_size(),
			    at);
	if (state.key == KEY_NB_CPUS || state.key == KEY_MAX_CPUS)
		return part(machine.options.fwcfg == FWCFG_CPUS
				    ? machine.cpus + LIE_CPUS
				    : machine.cpus,
			    at);
	if (state.key >= KEY_KERNEL_FIRST && state.key <= KEY_KERNEL_LAST &&
	    state.key != KEY_BOOT_MENU)
		return 0;
	return byte;
}

void cmos_select(uint8_t index)
{
	state.cmos_index = index & 0x7f;
	hw_outb(CMOS_INDEX, index);
}

uint8_t cmos_read(void)
{
	uint8_t byte = hw_inb(CMOS_DATA);
	uint64_t low = ram_between(16ull << 20, 4ull << 30) >> 16;
	uint64_t high = ram_between(4ull << 30, PA_LIMIT) >> 16;

	switch (state.cmos_index) {
	case CMOS_LOW:
	case CMOS_LOW + 1:
		low = low > 0xffff ? 0xffff : low;
		return part(low, state.cmos_index - CMOS_LOW);
	case CMOS_HIGH:
	case CMOS_HIGH + 1:
	case CMOS_HIGH + 2:
		return part(high, state.cmos_index - CMOS_HIGH);
	default:
		return byte;
	}
}

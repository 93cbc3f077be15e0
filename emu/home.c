/* SPDX-License-Identifier: MIT */
/* Everything is planned on copies; the move itself is in entry.S. */
#include "emu/home.h"

#include "abi/multiboot.h"
#include "abi/x86/paging.h"
#include "emu/log.h"
#include "emu/machine.h"
#include "emu/mm.h"
#include "emu/stop.h"
#include "hw/cpu.h"
#include "hw/io.h"
#include "lib/str.h"

/* What options.memory leaves to us if it says nothing. */
#define HOME_FIXED (64ull << 20)
#define HOME_SHARE 32u
#define ONE_MIB	   0x100000ull

#define VGA_START    0xa0000ull
#define VGA_END	     0xc0000ull
#define PCI_ADDRESS  0xcf8u
#define PCI_DATA     0xcfcu
#define PCI_ENABLE   0x80000000u
#define PAM0	     0x90u
#define PAM6	     0x96u
#define PAM_HIGH_RAM 0x30u
#define PAM_BOTH_RAM 0x33u

extern uint8_t image_start[], image_end[];
__attribute__((noreturn)) void entry_move(void *to, const void *from,
					  uint64_t bytes, uint64_t cr3,
					  void (*next)(void));

uint64_t home_cr3;

/* QEMU's RAM, ascending, whole pages. */
static struct pa_range found[MACHINE_RAM_RANGES];
static uint32_t found_count;
/* Up to here the boot loader may have written into what is now guest RAM. */
static uint64_t loaded_end;

static void found_add(uint64_t base, uint64_t length)
{
	uint64_t start = addr_up(base, PAGE_4K);
	uint64_t end = addr_down(base + length, PAGE_4K);
	uint32_t at = found_count;

	if (base > PA_LIMIT || length > PA_LIMIT || end <= start)
		return;
	if (found_count == MACHINE_RAM_RANGES)
		stop_machine(STOP_EMULATOR, "too many ranges of memory");
	for (; at && found[at - 1].start.v > start; at--)
		found[at] = found[at - 1];
	found[at] = (struct pa_range){ { start }, end - start };
	found_count++;
}

static void reserved_add(uint64_t base, uint64_t length)
{
	struct pa_range r;

	if (machine.reserved_count < MACHINE_RAM_RANGES &&
	    pa_range_make(base, length, &r) == OK)
		machine.reserved[machine.reserved_count++] = r;
}

static void find_memory(const struct multiboot_info *info)
{
	uint64_t at = info->mmap_addr, end = at + info->mmap_length;
	const struct multiboot_mmap *m;

	if (!(info->flags & MULTIBOOT_INFO_MMAP))
		stop_machine(STOP_EMULATOR, "no memory map from the boot");
	for (; at < end; at += m->size + sizeof(m->size)) {
		m = mm_ptr(at);
		if (m->type == MULTIBOOT_MMAP_RAM)
			found_add(m->base, m->length);
		else
			reserved_add(m->base, m->length);
	}
	if (!found_count)
		stop_machine(STOP_EMULATOR, "no memory");
}

static uint64_t found_bytes(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < found_count; i++)
		sum += found[i].size;
	return sum;
}

static void read_options(const struct multiboot_info *info)
{
	const char *bad = "", *line = "";

	if (info->flags & MULTIBOOT_INFO_CMDLINE)
		line = mm_ptr(info->cmdline);
	if (options_parse(line, &machine.options, &bad) != OK)
		stop_machine(STOP_EMULATOR, "bad option: %s", bad);
}

static struct multiboot_module find_module(const struct multiboot_info *info)
{
	struct multiboot_module m;

	if (!(info->flags & MULTIBOOT_INFO_MODULES) || !info->mods_count)
		stop_machine(STOP_BAD_IMAGE, "no IGVM file was given");
	m = *(const struct multiboot_module *)mm_ptr(info->mods_addr);
	if (m.end < m.start)
		stop_machine(STOP_EMULATOR, "the module's range is wrong");
	return m;
}

/* The lowest @memory bytes are the guest's. The hole below 1 MiB counts, as
 * it does on a PC: so memory ends on the boundary that was asked for. */
static void share_memory(uint64_t memory)
{
	uint64_t left = memory;

	for (uint32_t i = 0; i < found_count && left; i++) {
		struct pa_range r = found[i];

		if (r.start.v == ONE_MIB && left > ONE_MIB)
			left = memory - ONE_MIB;
		if (r.size > left)
			r.size = left;
		left -= r.size;
		machine.ram[machine.ram_count++] = r;
		machine.ram_top = pa_range_end(r);
	}
	if (left)
		stop_machine(STOP_EMULATOR, "QEMU has %lu MiB less than mem=",
			     (unsigned long)(left >> 20));
}

static void hide_the_rest(void)
{
	for (uint32_t i = 0; i < found_count; i++) {
		struct pa_range r = found[i];
		uint64_t end = pa_range_end(r);

		if (end <= machine.ram_top)
			continue;
		if (r.start.v < machine.ram_top)
			r.start.v = machine.ram_top;
		r.size = end - r.start.v;
		machine.hidden[machine.hidden_count++] = r;
	}
}

static void ram_insert(struct pa_range r)
{
	uint32_t at = machine.ram_count;

	if (at == MACHINE_RAM_RANGES)
		return;
	for (; at && machine.ram[at - 1].start.v > r.start.v; at--)
		machine.ram[at] = machine.ram[at - 1];
	machine.ram[at] = r;
	machine.ram_count++;
}

/*
 * Reserved, but RAM: the firmware puts the ACPI tables where low RAM ends. A
 * guest may make these pages private, hence they are its RAM, too.
 */
static void adopt_tables(void)
{
	for (uint32_t i = 0; i < machine.reserved_count; i++) {
		struct pa_range r = machine.reserved[i];

		for (uint32_t k = 0; k < found_count; k++)
			if (pa_range_end(found[k]) == r.start.v &&
			    addr_aligned(r.start.v | r.size, PAGE_4K))
				ram_insert(r);
	}
}

/*
 * Below 1 MiB: the firmware's data page, and the RAM that shadows its ROMs,
 * opened for reading and writing (q35's PAM registers). Content stays.
 */
static void adopt_low_memory(void)
{
	uint64_t low_end = pa_range_end(found[0]);

	for (uint32_t reg = PAM0; reg <= PAM6; reg++) {
		hw_outl(PCI_ADDRESS, PCI_ENABLE | (reg & ~3u));
		hw_outb((uint16_t)(PCI_DATA + (reg & 3u)),
			reg == PAM0 ? PAM_HIGH_RAM : PAM_BOTH_RAM);
	}
	if (low_end < VGA_START)
		ram_insert(
			(struct pa_range){ { low_end }, VGA_START - low_end });
	ram_insert((struct pa_range){ { VGA_END }, ONE_MIB - VGA_END });
}

/* The largest block that is not the guest's, 2 MiB aligned. */
static struct pa_range find_home(void)
{
	struct pa_range best = { { 0 }, 0 };

	for (uint32_t i = 0; i < machine.hidden_count; i++) {
		uint64_t start = addr_up(machine.hidden[i].start.v, PAGE_2M);
		uint64_t end = pa_range_end(machine.hidden[i]);

		if (start < end && end - start > best.size)
			best = (struct pa_range){ { start }, end - start };
	}
	return best;
}

static uint64_t plan_memory(uint64_t file)
{
	uint64_t all = found_bytes();
	uint64_t ours = HOME_FIXED + all / HOME_SHARE + 2 * file;

	if (machine.options.memory)
		return machine.options.memory;
	if (ours > all / 2)
		stop_machine(STOP_EMULATOR, "QEMU has too little memory");
	return addr_down(all - ours, PAGE_2M);
}

/* The 1:1 map of all that 47 bits reach, and the image at its new place. */
static uint64_t build_tables(uint64_t image)
{
	uint64_t *root = mm_page(), *pdpt, *pd;
	uint64_t pa = 0;

	for (unsigned i = 256; i < 511; i++) {
		pdpt = mm_page();
		root[i] = mm_pa(pdpt) | PTE_P | PTE_W;
		for (unsigned j = 0; j < PT_ENTRIES; j++, pa += 1ull << 30)
			pdpt[j] = pa | PTE_P | PTE_W | PTE_PS;
	}
	pdpt = mm_page();
	pd = mm_page();
	root[511] = mm_pa(pdpt) | PTE_P | PTE_W;
	pdpt[510] = mm_pa(pd) | PTE_P | PTE_W;
	for (uint64_t off = 0; off < (uint64_t)(image_end - image_start);
	     off += PAGE_2M)
		pd[off / PAGE_2M] = (image + off) | PTE_P | PTE_W | PTE_PS;
	return mm_pa(root);
}

static void keep_file(struct multiboot_module m, uint64_t home)
{
	uint64_t size = m.end - m.start;
	void *copy = mm_pages((size + PAGE_4K - 1) / PAGE_4K);

	if (m.end > home)
		stop_machine(STOP_EMULATOR, "QEMU has too little memory: the "
					    "IGVM file lies in our own");
	hw_rep_movsb(copy, mm_ptr(m.start), size);
	machine.igvm = copy;
	machine.igvm_size = size;
	loaded_end = m.end + PAGE_2M;
}

void home_enter(uint32_t info_pa, void (*next)(void))
{
	const struct multiboot_info *info = mm_ptr(info_pa);
	uint64_t image = (uint64_t)(image_end - image_start);
	uint64_t room = addr_up(image, PAGE_2M);
	struct multiboot_module module;
	struct pa_range home;

	find_memory(info);
	read_options(info);
	module = find_module(info);
	share_memory(plan_memory(module.end - module.start));
	hide_the_rest();
	adopt_tables();
	adopt_low_memory();
	home = find_home();
	if (home.size <
	    room + 2ull * (module.end - module.start) + HOME_FIXED / 8)
		stop_machine(STOP_EMULATOR,
			     "QEMU has too little memory: "
			     "%lu MiB are left for the emulator itself",
			     (unsigned long)(home.size >> 20));
	mm_init(home.start.v + room, home.size - room);
	keep_file(module, home.start.v);
	home_cr3 = build_tables(home.start.v);
	mm_image_moves(home.start.v);
	entry_move(mm_ptr(home.start.v), image_start, image, home_cr3, next);
}

void home_clean_guest(void)
{
	for (uint32_t i = 0; i < found_count; i++) {
		uint64_t start = found[i].start.v;
		uint64_t end = pa_range_end(found[i]);

		/* Not what was adopted: firmware tables are in there. */
		if (end > loaded_end)
			end = loaded_end;
		if (end > machine.ram_top)
			end = machine.ram_top;
		if (start < end)
			hw_rep_stosq(mm_ptr(start), 0, (end - start) / 8);
	}
}

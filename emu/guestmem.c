/* SPDX-License-Identifier: MIT */
/* RAM ranges are few, so that looking one up is a short loop. */
#include "emu/guestmem.h"

#include "emu/mm.h"
#include "lib/str.h"

/* Words of 8 bytes in a cache line. */
#define LINE_WORDS 8u

struct flash {
	struct pa_range range;
	uint64_t host;
};

static struct flash flash;
static uint8_t *page_flags;
static struct {
	uint64_t page, other;
} swaps[GUESTMEM_SWAPS];
static uint32_t swap_count;

void guestmem_init(void)
{
	uint64_t pages = machine.rmp.pages;

	page_flags = mm_pages((pages + PAGE_4K - 1) / PAGE_4K);
}

static bool in_range(struct pa_range r, uint64_t gpa, uint64_t size)
{
	return gpa >= r.start.v && size <= r.size &&
	       gpa - r.start.v <= r.size - size;
}

bool guestmem_is_ram(uint64_t gpa, uint64_t size)
{
	for (uint32_t i = 0; i < machine.ram_count; i++)
		if (in_range(machine.ram[i], gpa, size))
			return true;
	return in_range(flash.range, gpa, size);
}

static bool touches(struct pa_range r, uint64_t gpa, uint64_t size)
{
	return gpa < pa_range_end(r) && r.start.v < gpa + size;
}

bool guestmem_is_device(uint64_t gpa, uint64_t size)
{
	if (size > PA_LIMIT || gpa > PA_LIMIT - size)
		return false;
	for (uint32_t i = 0; i < machine.hidden_count; i++)
		if (touches(machine.hidden[i], gpa, size))
			return false;
	for (uint32_t i = 0; i < machine.ram_count; i++)
		if (touches(machine.ram[i], gpa, size))
			return false;
	return !touches(flash.range, gpa, size);
}

enum err guestmem_add_flash(uint64_t gpa, uint64_t size)
{
	if (!addr_aligned(gpa | size, PAGE_4K))
		return ERR_ALIGN;
	if (flash.range.size)
		return ERR_EXISTS;
	if (!size || !guestmem_is_device(gpa, size) ||
	    (gpa + size) >> PAGE_SHIFT_4K > machine.rmp.pages)
		return ERR_RANGE;
	flash.range = (struct pa_range){ { gpa }, size };
	flash.host = mm_pa(mm_pages(size >> PAGE_SHIFT_4K));
	return OK;
}

struct pa_range guestmem_flash(void)
{
	return flash.range;
}

uint64_t guestmem_host(uint64_t gpa)
{
	if (in_range(flash.range, gpa, 1))
		return flash.host + (gpa - flash.range.start.v);
	return guestmem_frame(gpa);
}

uint8_t guestmem_flags(uint64_t gpa)
{
	uint64_t page = gpa >> PAGE_SHIFT_4K;

	return page < machine.rmp.pages ? page_flags[page] : 0;
}

void guestmem_flags_set(uint64_t gpa, uint8_t set, uint8_t clear)
{
	uint64_t page = gpa >> PAGE_SHIFT_4K;

	if (page < machine.rmp.pages)
		page_flags[page] = (uint8_t)((page_flags[page] & ~clear) | set);
}

/*
 * What is left of a page's content: one word of each cache line is spoilt, so
 * that nobody can mistake it for data, at an eighth of the cost of all words.
 * Going there and back gives the first content again, as with one key.
 */
static void scramble(uint64_t gpa)
{
	uint64_t *word = mm_ptr(guestmem_host(gpa));
	uint64_t mask = (gpa >> PAGE_SHIFT_4K) * 0x9e3779b97f4a7c15ull;

	/* No byte of it is zero. */
	mask |= 0x4101100411401001ull;
	for (unsigned i = 0; i < PAGE_4K / 8; i += LINE_WORDS)
		word[i] ^= mask;
}

void guestmem_converted(uint64_t gpa, uint64_t pages)
{
	uint64_t page = gpa >> PAGE_SHIFT_4K;

	/* Aliases end with the state they were opened for. */
	for (; pages-- && page < machine.rmp.pages; page++)
		page_flags[page] = (page_flags[page] ^ PAGE_SCRAMBLE) &
				   (PAGE_SCRAMBLE | PAGE_HOST);
}

uint64_t guestmem_frame(uint64_t gpa)
{
	uint64_t page = addr_down(gpa, PAGE_4K);

	if (!(guestmem_flags(gpa) & PAGE_SWAPPED))
		return gpa;
	for (uint32_t i = 0; i < swap_count; i++) {
		if (swaps[i].page == page)
			return gpa - page + swaps[i].other;
		if (swaps[i].other == page)
			return gpa - page + swaps[i].page;
	}
	return gpa;
}

/* Contents belong to frames, what has to be done to them to addresses. */
bool guestmem_swap(uint64_t page, uint64_t other)
{
	if (swap_count == GUESTMEM_SWAPS || page == other ||
	    ((guestmem_flags(page) | guestmem_flags(other)) & PAGE_SWAPPED))
		return false;
	guestmem_settle(page, 1);
	guestmem_settle(other, 1);
	swaps[swap_count].page = page;
	swaps[swap_count++].other = other;
	guestmem_flags_set(page, PAGE_SWAPPED, 0);
	guestmem_flags_set(other, PAGE_SWAPPED, 0);
	return true;
}

bool guestmem_unswap(uint64_t page)
{
	uint64_t other = addr_down(guestmem_frame(page), PAGE_4K);

	if (other == page)
		return false;
	guestmem_settle(page, 1);
	guestmem_settle(other, 1);
	for (uint32_t i = 0; i < swap_count; i++) {
		if (swaps[i].page != page && swaps[i].other != page)
			continue;
		swaps[i] = swaps[--swap_count];
		break;
	}
	guestmem_flags_set(page, 0, PAGE_SWAPPED);
	guestmem_flags_set(other, 0, PAGE_SWAPPED);
	return true;
}

void guestmem_settle(uint64_t gpa, uint64_t pages)
{
	uint64_t page = gpa >> PAGE_SHIFT_4K;

	for (; pages-- && page < machine.rmp.pages; page++) {
		if (!(page_flags[page] & PAGE_SCRAMBLE))
			continue;
		page_flags[page] &= (uint8_t)~PAGE_SCRAMBLE;
		if (guestmem_is_ram(page << PAGE_SHIFT_4K, PAGE_4K))
			scramble(page << PAGE_SHIFT_4K);
	}
}

void *guestmem_ptr(uint64_t gpa, size_t size)
{
	uint64_t first = addr_down(gpa, PAGE_4K);

	if (!size || !guestmem_is_ram(gpa, size))
		return NULL;
	guestmem_settle(first,
			(gpa + size - first + PAGE_4K - 1) >> PAGE_SHIFT_4K);
	return mm_ptr(guestmem_host(gpa));
}

void *guestmem_shared(uint64_t gpa, size_t size)
{
	if (!size || !guestmem_is_ram(gpa, size))
		return NULL;
	for (uint64_t at = addr_down(gpa, PAGE_4K); at < gpa + size;
	     at += PAGE_4K)
		if (rmp_is_private(&machine.rmp, guestmem_frame(at)))
			return NULL;
	return guestmem_ptr(gpa, size);
}

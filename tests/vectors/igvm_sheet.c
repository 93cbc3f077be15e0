/* SPDX-License-Identifier: MIT */
/* The worked examples of the IGVM fact sheet, typed from its dumps. */
#include "tests/vectors/igvm_sheet.h"

#include <stdio.h>
#include <string.h>

static const char dump_a[] = "4947564d 02000000 20000000 98000000"
			     "b8200000 748da4d7 00000000 00100000"
			     "01000000 10000000 01000000 00000100"
			     "00000000 00000000 01030000 10000000"
			     "00100000 00000000 00000000 00000000"
			     "07030000 08000000 00000000 00000000"
			     "03030000 10000000 00200000 00000000"
			     "01000000 00000000 02030000 18000000"
			     "00100000 00000000 01000000 b8000000"
			     "00000000 00000000 04030000 14000000"
			     "00000000 00000000 01000000 b8100000"
			     "00000000 00000000";

static const char dump_b[] = "4947564d 01000000 18000000 10010000"
			     "28210000 9dfef0a7 01000000 10000000"
			     "01000000 02020100 00000000 00000000"
			     "01010000 10000000 00000300 00000000"
			     "01000000 00000000 01030000 10000000"
			     "00100000 00000000 00000000 00000000"
			     "07030000 08000000 00000000 00000000"
			     "03030000 10000000 00200000 00000000"
			     "01000000 00000000 02030000 18000000"
			     "00100000 00000000 01000000 28010000"
			     "00000000 00000000 02030000 18000000"
			     "00300000 00000000 01000000 00000000"
			     "00000000 00000000 02030000 18000000"
			     "00400000 00000000 01000000 00000000"
			     "00000000 01000000 02030000 18000000"
			     "00500000 00000000 01000000 00000000"
			     "00000000 02000000 04030000 14000000"
			     "00f0ffff ffff0000 01000000 28110000"
			     "00000000 00000000";

const struct sheet_step sheet_b_steps[SHEET_B_STEPS] = {
	{ 4, 0x2000,
	  "cc5aed6a06f63b38d24155dfa38e924c44b41d2339bc8a7d3cb1995e67607e88"
	  "89a81c2d42e75bb95627b40e344b8929" },
	{ 1, 0x1000,
	  "fd1766e3b4d7c91cea36eefd272b9b202c4716779f2c3655f63e8261f980514f"
	  "41c547e242bc556fbeaf2fae038a44b0" },
	{ 1, 0x3000,
	  "4d6f647104bf829635eb5bd44b09f584f65d697a57aeb686186a4a2806b716c2"
	  "aeb651ff31d630ed83cb74904297af1d" },
	{ 5, 0x4000,
	  "4ce900f2e37bb59359949416a3de23ce85ae0893b467833d16816dc271581233"
	  "5aae97244ade13806dec35d84449c363" },
	{ 6, 0x5000,
	  "f4c886c005ea879948a2551f984b8f0a3716c86b7a242f47b22607484a04e9a1"
	  "d12763a8742bef0abc20d96caabd57f5" },
	{ 2, 0xfffffffff000ull,
	  "08cf1724a76678e4749dadd42c4feb4365d1aef3d3e5f7b47e2a788d5bd81303"
	  "fa81bec7f8c14b0f9bc230d78075b4ce" },
};

static size_t undump(const char *text, uint8_t *bytes)
{
	size_t count = 0;

	while (*text) {
		unsigned int v;

		if (*text == ' ') {
			text++;
			continue;
		}
		sscanf(text, "%2x", &v);
		bytes[count++] = (uint8_t)v;
		text += 2;
	}
	return count;
}

static void poke(uint8_t *page, size_t at, uint64_t v, size_t size)
{
	for (size_t i = 0; i < size; i++)
		page[at + i] = (uint8_t)(v >> (8 * i));
}

void sheet_code_page(uint8_t page[4096])
{
	memset(page, 0, 4096);
	poke(page, 0, 0xfdebf4, 3);
}

void sheet_native_page(uint8_t page[4096])
{
	memset(page, 0, 4096);
	poke(page, 0x20, 0x3000, 8);
	poke(page, 0x80, 0x1000, 8);
	poke(page, 0x88, 2, 8);
	poke(page, 0xa8, 0x0008, 2);
	poke(page, 0xaa, 0xc09b, 2);
	poke(page, 0xb0, 0xffffffff, 4);
	poke(page, 0xb4, 0x0010, 2);
	poke(page, 0xb6, 0xc093, 2);
	poke(page, 0xbc, 0xffffffff, 4);
	poke(page, 0xc8, 0x31, 8);
}

static void poke_segment(uint8_t *page, size_t at, unsigned int selector,
			 unsigned int attributes, uint64_t limit)
{
	poke(page, at, selector, 2);
	poke(page, at + 2, attributes, 2);
	poke(page, at + 4, limit, 4);
}

void sheet_vmsa_page(uint8_t page[4096])
{
	static const size_t data[] = { 0x00, 0x20, 0x30, 0x40, 0x50 };

	memset(page, 0, 4096);
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		poke_segment(page, data[i], 0x10, 0xc93, 0xffffffff);
	poke_segment(page, 0x10, 0x08, 0xc9b, 0xffffffff);
	poke_segment(page, 0x90, 0, 0x8b, 0xffff);
	poke(page, 0x0d0, 0x1000, 8);
	poke(page, 0x148, 0x40, 8);
	poke(page, 0x158, 0x31, 8);
	poke(page, 0x160, 0x400, 8);
	poke(page, 0x168, 0xffff0ff0, 8);
	poke(page, 0x170, 2, 8);
	poke(page, 0x178, 0x1000, 8);
	poke(page, 0x1d8, 0x3000, 8);
	poke(page, 0x268, 0x0007040600070406, 8);
	poke(page, 0x3b0, 1, 8);
	poke(page, 0x3e8, 1, 8);
}

void sheet_a(uint8_t file[SHEET_A_SIZE])
{
	size_t at = undump(dump_a, file);

	sheet_code_page(file + at);
	sheet_native_page(file + at + 4096);
}

void sheet_b(uint8_t file[SHEET_B_SIZE])
{
	size_t at = undump(dump_b, file);

	sheet_code_page(file + at);
	sheet_vmsa_page(file + at + 4096);
}

static uint32_t crc(uint32_t state, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		state ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			state = state >> 1 ^ (state & 1 ? 0xedb88320 : 0);
	}
	return state;
}

void sheet_fix_checksum(uint8_t *file, size_t size)
{
	uint32_t version, offset, length, state = ~0u;
	size_t fixed;

	if (size < 0x20)
		return;
	memcpy(&version, file + 4, 4);
	memcpy(&offset, file + 8, 4);
	memcpy(&length, file + 12, 4);
	fixed = version == 2 ? 0x20 : 0x18;
	if (offset > size || length > size - offset)
		return;
	memset(file + 0x14, 0, 4);
	state = crc(crc(state, file, fixed), file + offset, length);
	poke(file, 0x14, ~state, 4);
}

void sheet_hex(const uint8_t digest[48], char text[97])
{
	for (size_t i = 0; i < 48; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

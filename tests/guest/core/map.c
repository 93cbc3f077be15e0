/* SPDX-License-Identifier: MIT */
/* The memory maps that the guest is told: they agree with each other and with
 * what the SVSM lets the guest have. On the command line: ram=MEBIBYTES. */
#include "tests/guest/core/core.h"

#include "abi/boot/params.h"
#include "abi/igvm.h"
#include "lib/addr.h"

#define MIB (1ull << 20)

static const struct igvm_memory_map_entry *const map =
	(void *)(0x10000 + LAUNCH_MEMORY_MAP * PAGE_4K);

static uint64_t start_of(unsigned int i)
{
	return map[i].starting_gpa_page_number * PAGE_4K;
}

static uint64_t size_of(unsigned int i)
{
	return map[i].number_of_pages * PAGE_4K;
}

static uint64_t end_of(unsigned int i)
{
	return start_of(i) + size_of(i);
}

/* Bytes of [start, end) in entries of a type. */
static uint64_t bytes_in(uint64_t start, uint64_t end, uint16_t type)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; map[i].number_of_pages; i++) {
		uint64_t from = start_of(i) > start ? start_of(i) : start;
		uint64_t to = end_of(i) < end ? end_of(i) : end;

		if (map[i].type == type && from < to)
			sum += to - from;
	}
	return sum;
}

static uint64_t given_ram(void)
{
	const char *c = machine_option("ram=");
	uint64_t n = 0;

	for (; c && *c >= '0' && *c <= '9'; c++)
		n = n * 10 + (uint64_t)(*c - '0');
	return n * MIB;
}

static uint64_t e820_bytes(uint64_t start, uint64_t end)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < boot_params->e820_entries; i++) {
		const struct linux_e820 *e = &boot_params->e820_table[i];
		uint64_t from = e->addr > start ? e->addr : start;
		uint64_t to = e->addr + e->size < end ? e->addr + e->size : end;

		if (e->type == LINUX_E820_RAM && from < to)
			sum += to - from;
	}
	return sum;
}

static void test_form(void)
{
	bool sorted = true;
	unsigned int i;

	for (i = 1; map[i].number_of_pages; i++)
		if (start_of(i) < end_of(i - 1))
			sorted = false;
	check_true("the map is sorted", sorted);
	check_true("the map has several entries", i >= 3);
}

/* A page that the image does not use: the guest's to have, or not. It may be
 * validated already (igvmbuild --validate-all). */
static void test_edge(const char *what, uint64_t gpa, bool ours)
{
	uint64_t refused = ERR(SVSM_ERR_INVALID_ADDRESS);
	uint32_t r;

	if (!ours)
		check_true(what, page_state_set(gpa, PSC_OP_PRIVATE));
	r = pvalidate_raw(pvalidate_entry(gpa, false, true, false));
	if (ours || r != CORE_ERR(SVSM_CORE_FAIL_NOCHANGE))
		check_equal(what, r, ours ? refused : SVSM_SUCCESS);
	r = pvalidate_raw(pvalidate_entry(gpa, false, false, false));
	check_equal(what, r, ours ? refused : SVSM_SUCCESS);
	if (!ours)
		check_true(what, page_state_set(gpa, PSC_OP_SHARED));
}

void test_map(void)
{
	uint64_t base = secrets->svsm_base, size = secrets->svsm_size;
	uint64_t ram = given_ram();

	test_form();
	check_equal("no RAM entry covers the SVSM",
		    bytes_in(base, base + size, IGVM_MEMORY_MAP_MEMORY), 0);
	check_equal("the SVSM is reserved",
		    bytes_in(base, base + size,
			     IGVM_MEMORY_MAP_PLATFORM_RESERVED),
		    size);
	check_equal("E820 has no RAM there", e820_bytes(base, base + size), 0);
	check_equal("E820 has what the map has above 1 MiB",
		    e820_bytes(MIB, ~0ull),
		    bytes_in(MIB, ~0ull, IGVM_MEMORY_MAP_MEMORY));
	test_edge("the page before the SVSM", base - PAGE_4K, false);
	test_edge("its first page", base, true);
	test_edge("its last page", base + size - PAGE_4K, true);
	test_edge("the page after it", base + size, false);
	if (!ram)
		return;
	/* The hole below 1 MiB counts as on a PC. */
	check_equal("RAM and the SVSM are the machine's memory",
		    bytes_in(0, ~0ull, IGVM_MEMORY_MAP_MEMORY) + size +
			    bytes_in(0, MIB, IGVM_MEMORY_MAP_PLATFORM_RESERVED),
		    ram);
	print("core: %llu MiB of memory, the SVSM has %llu KiB\n",
	      (unsigned long long)(ram >> 20),
	      (unsigned long long)(size >> 10));
}

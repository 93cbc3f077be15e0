/* SPDX-License-Identifier: MIT */
/* What igvmbuild and a host give elsewhere: parameters, map, MADT, CPUID page. */
#include "boot/block.h"

#include <stddef.h>

#include "abi/boot/launch.h"
#include "abi/igvm.h"
#include "abi/pvh.h"
#include "abi/snp/cpuid_page.h"
#include "abi/x86/cpuid.h"
#include "boot/madt.h"
#include "boot/main.h"
#include "boot/pit.h"
#include "hw/cpu.h"
#include "lib/addr.h"
#include "lib/archive.h"

#define MAP_PAGES  2u
#define MADT_PAGES 4u

/* Pages of the block, in order. */
enum {
	BLOCK_PARAMS,
	BLOCK_GENERAL,
	BLOCK_MAP,
	BLOCK_MADT = BLOCK_MAP + MAP_PAGES,
	BLOCK_CPUID = BLOCK_MADT + MADT_PAGES,
	BLOCK_SECRETS, /* empty: there are none */
	BLOCK_CMDLINE,
	BLOCK_PAGES,
};

#define MAP_ENTRIES \
	(MAP_PAGES * BOOT_PAGE / sizeof(struct igvm_memory_map_entry))
/* Room for a kernel that tests itself; memory is not scarce here. */
#define REQUIRED   0x100000u
#define LEAST	   0x1000000u
#define MOST	   0x10000000u
#define CPUS_MAX   255u
#define SERVES_MAX (128ull << 20)
/* Below lies what firmware and the start of other processors use. */
#define LOW_END	   0x100000ull

static struct params_range range(uint64_t at, unsigned int page, uint64_t pages)
{
	return (struct params_range){ at + page * BOOT_PAGE,
				      pages * BOOT_PAGE };
}

/* Whole pages of RAM; what is not in the list is no RAM. The order is checked
 * by the kernel. */
static void map_fill(const struct pvh_told *told,
		     struct igvm_memory_map_entry *to)
{
	const struct pvh_memory *from = (const void *)told->map;
	uint32_t n = 0;

	_Static_assert(PVH_ENTRIES_MAX < MAP_ENTRIES, "and one that ends it");
	for (uint32_t i = 0; i < told->map_count; i++) {
		uint64_t start = from[i].start, end = start + from[i].size;

		if (from[i].type != PVH_MEMORY_RAM || end < start)
			continue;
		if (start < LOW_END)
			start = LOW_END;
		start = addr_up(start, BOOT_PAGE);
		end = addr_down(end, BOOT_PAGE);
		if (start < end)
			to[n++] = (struct igvm_memory_map_entry){
				.starting_gpa_page_number = start / BOOT_PAGE,
				.number_of_pages = (end - start) / BOOT_PAGE,
				.type = IGVM_MEMORY_MAP_MEMORY,
			};
	}
}

static void leaf_put(struct snp_cpuid_page *page, uint32_t leaf,
		     uint32_t subleaf)
{
	struct cpuid_regs r = hw_cpuid(leaf, subleaf);

	page->fn[page->count++] = (struct snp_cpuid_fn){
		.eax_in = leaf,
		.ecx_in = subleaf,
		.eax = r.eax,
		.ebx = r.ebx,
		.ecx = r.ecx,
		.edx = r.edx,
	};
}

static void leaves_put(struct snp_cpuid_page *page, uint32_t first,
		       const uint32_t *leaves, uint32_t count)
{
	uint32_t last = hw_cpuid(first, 0).eax;

	for (uint32_t i = 0; i < count; i++)
		if (leaves[i] <= last)
			leaf_put(page, leaves[i], 0);
}

/* Leaves that the kernel looks at; and the rate of the TSC, measured. */
static void cpuid_fill(struct snp_cpuid_page *page)
{
	static const uint32_t low[] = { CPUID_LEAF_MAX,
					CPUID_LEAF_FEATURES,
					CPUID_LEAF_STRUCTURED,
					CPUID_LEAF_TOPOLOGY,
					CPUID_LEAF_TSC,
					CPUID_LEAF_FREQUENCY },
			      high[] = { CPUID_LEAF_EXT_MAX,
					 CPUID_LEAF_EXT_FEATURES,
					 CPUID_LEAF_ADDRESS_SIZES };

	leaves_put(page, CPUID_LEAF_MAX, low, sizeof(low) / sizeof(low[0]));
	leaves_put(page, CPUID_LEAF_EXT_MAX, high,
		   sizeof(high) / sizeof(high[0]));
	page->fn[page->count++] = (struct snp_cpuid_fn){
		.eax_in = CPUID_LEAF_HYPERVISOR_TSC,
		.eax = (uint32_t)pit_tsc_khz(),
	};
}

/* What all services ask for; the kernel checks the archive, we only add up. */
static const char *services_sum(const struct pvh_told *told, uint64_t *sum)
{
	const struct archive_header *h = (const void *)told->services;
	const struct archive_entry *e = (const void *)(h + 1);

	*sum = 0;
	if (!told->services_size)
		return NULL;
	if (told->services_size < sizeof(*h) || h->magic != ARCHIVE_MAGIC ||
	    h->count > ARCHIVE_MAX ||
	    told->services_size < sizeof(*h) + h->count * sizeof(*e))
		return "the module is no archive of services";
	for (uint32_t i = 0; i < h->count; i++) {
		uint64_t one = e[i].stack | e[i].heap;

		if (e[i].segments > ARCHIVE_SEGMENTS)
			return "the module is no archive of services";
		for (uint32_t s = 0; s < e[i].segments; s++)
			one |= e[i].segment[s].size;
		if (one >= SERVES_MAX)
			return "a service asks for too much memory";
		*sum += archive_memory(&e[i]);
	}
	return NULL;
}

static const char *services_place(const struct pvh_told *told, struct params *p)
{
	uint64_t to = p->svsm_base + p->image_size;

	if (!told->services_size)
		return NULL;
	if (told->services < to + told->services_size &&
	    to < told->services + told->services_size)
		return "the module lies where it has to go";
	hw_rep_movsb((void *)to, (const void *)told->services,
		     told->services_size);
	p->services = (struct params_range){ to, told->services_size };
	return NULL;
}

/* The pages are zero: so is what is not named here. */
static void params_fill(struct params *p, uint64_t at)
{
	p->magic = PARAMS_MAGIC;
	p->version = PARAMS_VERSION;
	p->flags = PARAMS_CONSOLE;
	p->svsm_base = SVSM_BASE;
	p->image_size = at + BLOCK_PAGES * BOOT_PAGE - SVSM_BASE;
	p->required_size = REQUIRED;
	p->svsm_min_size = LEAST;
	p->svsm_max_size = MOST;
	p->cpus_max = CPUS_MAX;
	p->general = range(at, BLOCK_GENERAL, 1);
	p->memory_map = range(at, BLOCK_MAP, MAP_PAGES);
	p->madt = range(at, BLOCK_MADT, MADT_PAGES);
	p->cpuid_page = at + BLOCK_CPUID * BOOT_PAGE;
	p->secrets_page = at + BLOCK_SECRETS * BOOT_PAGE;
}

const char *block_make(const struct pvh_told *told, uint64_t at,
		       struct params **out)
{
	struct params *p = (struct params *)at;
	struct params_general *general;
	const char *wrong;

	if (at + BLOCK_PAGES * BOOT_PAGE > SVSM_BASE + SVSM_IMAGE_MAX)
		return "the image is too large";
	hw_rep_stosq(p, 0, BLOCK_PAGES * BOOT_PAGE / 8);
	params_fill(p, at);
	general = (struct params_general *)p->general.start;
	general->vp_count = boot_madt(told->rsdp, (void *)p->madt.start,
				      MADT_PAGES * BOOT_PAGE);
	if (!general->vp_count)
		return "no MADT to be found, or a broken one";
	map_fill(told, (void *)p->memory_map.start);
	cpuid_fill((void *)p->cpuid_page);
	p->guest.cmdline.start = at + BLOCK_CMDLINE * BOOT_PAGE;
	p->guest.cmdline.size = pvh_text(
		told->cmdline, (char *)p->guest.cmdline.start, BOOT_PAGE);
	wrong = services_sum(told, &p->services_memory);
	if (!wrong)
		wrong = services_place(told, p);
	*out = p;
	return wrong;
}

/* SPDX-License-Identifier: MIT */
/* Direct launch of Linux: what a boot loader would have put into memory. */
#include "kernel/guest/linux.h"

#include "abi/linux/boot.h"
#include "abi/snp/cpuid_page.h"
#include "abi/x86/paging.h"
#include "kernel/base/panic.h"
#include "kernel/base/platform.h"
#include "kernel/guest/e820.h"
#include "kernel/guest/first.h"
#include "kernel/guest/mapout.h"
#include "kernel/guest/ram.h"
#include "kernel/mm/tmpmap.h"
#include "lib/str.h"

#define IDENTITY_GIB	4u
#define GDT_ENTRIES	4u
#define HEADER_END	0x202u /* plus the byte before it: the header's length */
#define CC_BLOB_VERSION 1u

static struct pa launch_page(const struct params *params, unsigned int page)
{
	return (struct pa){ params->guest.launch_area + page * PAGE_4K };
}

/* The setup header as the file has it; a guest without one gets zeros. */
static void header_copy(const struct params *params,
			struct linux_boot_params *bp)
{
	struct tmpmap map;
	const uint8_t *file;
	uint64_t size;

	if (!params->guest.setup.size)
		return;
	map = tmpmap_4k((struct pa){ params->guest.setup.start }, KMAP_WRITE);
	file = map.va;
	size = HEADER_END + file[HEADER_END - 1] - LINUX_SETUP_HEADER;
	if (size > sizeof(bp->hdr))
		size = sizeof(bp->hdr);
	memcpy(&bp->hdr, file + LINUX_SETUP_HEADER, size);
	tmpmap_drop(map);
	if (bp->hdr.header != LINUX_MAGIC)
		panic("the kernel has no setup header");
}

static void files_set(const struct params_guest *guest,
		      struct linux_boot_params *bp)
{
	bp->hdr.type_of_loader = LINUX_LOADER_UNKNOWN;
	bp->hdr.loadflags |= LINUX_LOADED_HIGH;
	bp->hdr.vid_mode = LINUX_VID_NORMAL;
	bp->hdr.code32_start = (uint32_t)guest->kernel.start;
	bp->hdr.cmd_line_ptr = (uint32_t)guest->cmdline.start;
	bp->ext_cmd_line_ptr = (uint32_t)(guest->cmdline.start >> 32);
	bp->hdr.ramdisk_image = (uint32_t)guest->initrd.start;
	bp->ext_ramdisk_image = (uint32_t)(guest->initrd.start >> 32);
	bp->hdr.ramdisk_size = (uint32_t)guest->initrd.size;
	bp->ext_ramdisk_size = (uint32_t)(guest->initrd.size >> 32);
}

static void cut_or_panic(struct cuts *cuts, uint64_t start, uint64_t size,
			 uint32_t kind)
{
	if (cuts_add(cuts, start, size, kind) != OK)
		panic("launch area overlaps at 0x%llx",
		      (unsigned long long)start);
}

static void memory_set(const struct params *params, struct pa_range tables,
		       struct linux_boot_params *bp)
{
	struct pa_range ours = memmap_svsm();
	struct cuts cuts = { 0 };

	cut_or_panic(&cuts, ours.start.v, ours.size, LINUX_E820_RESERVED);
	cut_or_panic(&cuts, LEGACY_START, LEGACY_SIZE, E820_HOLE);
	cut_or_panic(&cuts, launch_page(params, LAUNCH_CC_BLOB).v,
		     (PARAMS_LAUNCH_PAGES - LAUNCH_CC_BLOB) * PAGE_4K,
		     LINUX_E820_RESERVED);
	cut_or_panic(&cuts, params->guest.acpi.start, params->guest.acpi.size,
		     LINUX_E820_ACPI);
	if (e820_build(&cuts, tables, bp) != OK)
		panic("the memory map does not fit into E820");
}

static void boot_params_fill(const struct params *params,
			     const struct tables *tables)
{
	struct tmpmap map =
		tmpmap_4k(launch_page(params, LAUNCH_BOOT_PARAMS), KMAP_WRITE);
	struct linux_boot_params *bp = map.va;

	header_copy(params, bp);
	files_set(&params->guest, bp);
	memory_set(params, tables->where, bp);
	bp->hdr.setup_data = launch_page(params, LAUNCH_SETUP_DATA).v;
	bp->cc_blob_address = (uint32_t)launch_page(params, LAUNCH_CC_BLOB).v;
	if (tables->rsdp_size)
		bp->acpi_rsdp_addr = launch_page(params, LAUNCH_RSDP).v;
	tmpmap_drop(map);
}

static void page_fill(const struct params *params, unsigned int page,
		      const void *bytes, uint64_t size)
{
	struct tmpmap map = tmpmap_4k(launch_page(params, page), KMAP_WRITE);

	memcpy(map.va, bytes, size);
	tmpmap_drop(map);
}

static void small_pages_fill(const struct params *params,
			     const struct tables *tables)
{
	static const uint64_t gdt[GDT_ENTRIES] = { 0, 0, GDT_CODE64, GDT_DATA };
	struct linux_setup_data data = {
		.type = LINUX_SETUP_CC_BLOB,
		.len = sizeof(data.cc_blob_address),
		.cc_blob_address =
			(uint32_t)launch_page(params, LAUNCH_CC_BLOB).v,
	};
	struct cc_blob blob = {
		.magic = CC_BLOB_MAGIC,
		.version = CC_BLOB_VERSION,
		.secrets_phys = launch_page(params, LAUNCH_SECRETS).v,
		.secrets_len = PAGE_4K,
		.cpuid_phys = launch_page(params, LAUNCH_CPUID).v,
		.cpuid_len = PAGE_4K,
	};

	_Static_assert(LINUX_BOOT_CS == 2 * 8 && LINUX_BOOT_DS == 3 * 8,
		       "the GDT's order");
	page_fill(params, LAUNCH_GDT, gdt, sizeof(gdt));
	page_fill(params, LAUNCH_SETUP_DATA, &data, sizeof(data));
	page_fill(params, LAUNCH_RSDP, &tables->rsdp, tables->rsdp_size);
	page_fill(params, LAUNCH_CC_BLOB, &blob, sizeof(blob));
	page_fill(params, LAUNCH_CPUID,
		  kmap_image((struct pa){ params->cpuid_page }), PAGE_4K);
}

static void memory_map_fill(const struct params *params)
{
	struct tmpmap map =
		tmpmap_4k(launch_page(params, LAUNCH_MEMORY_MAP), KMAP_WRITE);
	size_t count;

	_Static_assert((2 * MEMMAP_MAX + 2) *
				       sizeof(struct igvm_memory_map_entry) <=
			       PAGE_4K,
		       "every map fits");
	if (mapout_write(MAPOUT_ALL, map.va,
			 PAGE_4K / sizeof(struct igvm_memory_map_entry),
			 &count) != OK)
		panic("the memory map does not fit into its page");
	tmpmap_drop(map);
}

/* One table: entry i leads to first + i * step. */
static void table_fill(struct pa table, unsigned int count, uint64_t first,
		       uint64_t step, uint64_t flags)
{
	struct tmpmap map = tmpmap_4k(table, KMAP_WRITE);
	uint64_t *entry = map.va;

	for (unsigned int i = 0; i < count; i++)
		entry[i] = (first + i * step) | flags;
	tmpmap_drop(map);
}

/* Identity, 2 MiB pages, all encrypted: the guest sorts out what it shares. */
static void page_tables_fill(const struct params *params, uint64_t c_bit)
{
	struct pa root = launch_page(params, LAUNCH_PAGE_TABLES);
	struct pa pdpt = pa_add(root, PAGE_4K), pd = pa_add(pdpt, PAGE_4K);
	uint64_t flags = PTE_P | PTE_W | c_bit;

	table_fill(root, 1, pdpt.v, 0, flags);
	table_fill(pdpt, IDENTITY_GIB, pd.v, PAGE_4K, flags);
	for (unsigned int i = 0; i < IDENTITY_GIB; i++)
		table_fill(pa_add(pd, i * PAGE_4K), PT_ENTRIES,
			   i * PT_ENTRIES * PAGE_2M, PAGE_2M, flags | PTE_PS);
}

void linux_prepare(const struct params *params, const struct tables *tables,
		   uint64_t c_bit)
{
	/* 32-bit fields of the boot protocol point here. */
	if (params->guest.launch_area >> 32 ||
	    !addr_aligned(params->guest.launch_area, PAGE_4K))
		panic("launch area at 0x%llx",
		      (unsigned long long)params->guest.launch_area);
	boot_params_fill(params, tables);
	small_pages_fill(params, tables);
	first_secrets(params, launch_page(params, LAUNCH_SECRETS),
		      launch_page(params, LAUNCH_CAA));
	memory_map_fill(params);
	page_tables_fill(params, c_bit);
}

void linux_start(const struct params *params, struct percpu *cpu,
		 uint64_t c_bit)
{
	struct guest_start start = {
		.vmpl = params->guest_vmpl,
		.apic_id = cpu->apic_id,
		.sev_features = params->sev_features,
		.rip = params->guest.entry,
		.rsi = launch_page(params, LAUNCH_BOOT_PARAMS).v,
		.rsp = launch_page(params, LAUNCH_STACK + 1).v,
		.cr3 = launch_page(params, LAUNCH_PAGE_TABLES).v | c_bit,
		.gdt = launch_page(params, LAUNCH_GDT).v,
		.gdt_limit = GDT_ENTRIES * 8 - 1,
	};

	first_vcpu(cpu, &start, launch_page(params, LAUNCH_CAA));
}

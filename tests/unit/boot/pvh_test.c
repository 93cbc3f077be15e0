/* SPDX-License-Identifier: MIT */
/* What a PVH loader tells, true and untrue, and the parameters made of it. */
/* test-sources: boot/pvh.c boot/madt.c boot/block.c boot/pit.c */
/* test-sources: tests/fake/hw/fake.c model/rmp.c model/rmp_guest.c */
/* test-libs: -no-pie */
#include "boot/pvh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "abi/acpi.h"
#include "abi/boot/archive.h"
#include "abi/boot/launch.h"
#include "abi/igvm.h"
#include "abi/pvh.h"
#include "boot/offsets.h"
#include "abi/snp/cpuid_page.h"
#include "abi/x86/cpuid.h"
#include "boot/block.h"
#include "boot/madt.h"
#include "tests/fake/hw/fake.h"

/* Physical addresses, mapped as they are. */
#define TOLD	  0x20000000ull
#define TOLD_SIZE 0x20000ull
#define INFO	  TOLD
#define MAP	  (TOLD + 0x1000)
#define MODULES	  (TOLD + 0x2000)
#define CMDLINE	  (TOLD + 0x3000)
#define RSDP	  (TOLD + 0x4000)
#define ROOT	  (TOLD + 0x5000)
#define MADT	  (TOLD + 0x6000)
#define ARCHIVE	  (TOLD + 0x8000)
#define BLOCK	  (SVSM_BASE + 0x40000ull)
#define SERVICES  (BLOCK + 11 * 4096ull)

static struct pvh_start_info *const info = (void *)INFO;
static struct pvh_memory *const map = (void *)MAP;
static struct pvh_module *const module = (void *)MODULES;
static struct acpi_rsdp *const rsdp = (void *)RSDP;
static struct acpi_header *const root = (void *)ROOT;
static struct acpi_header *const madt = (void *)MADT;
static struct archive_header *const archive = (void *)ARCHIVE;
static struct pvh_told told;

static void place(uint64_t at, uint64_t size)
{
	assert_ptr_equal(mmap((void *)at, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			 (void *)at);
}

static void tables_put(void)
{
	struct madt_lapic *cpu = (void *)(MADT + sizeof(struct acpi_madt));

	memcpy(rsdp->signature, "RSD PTR ", 8);
	rsdp->rsdt = ROOT;
	memcpy(root->signature, "RSDT", 4);
	root->length = sizeof(*root) + 4;
	*(uint32_t *)(ROOT + sizeof(*root)) = MADT;
	memcpy(madt->signature, "APIC", 4);
	for (unsigned int i = 0; i < 3; i++)
		cpu[i] = (struct madt_lapic){ .type = MADT_LAPIC,
					      .length = sizeof(*cpu),
					      .apic_id = (uint8_t)i,
					      .flags = i < 2 };
	madt->length = sizeof(struct acpi_madt) + 3 * sizeof(*cpu);
}

static int setup(void **state)
{
	(void)state;
	place(TOLD, TOLD_SIZE);
	place(SVSM_BASE, 2 * SVSM_IMAGE_MAX);
	*info = (struct pvh_start_info){
		.magic = PVH_MAGIC,
		.version = 1,
		.cmdline = CMDLINE,
		.rsdp = RSDP,
		.memory_map = MAP,
		.memory_map_entries = 3,
	};
	map[0] = (struct pvh_memory){ 0, 0x9fc00, PVH_MEMORY_RAM, 0 };
	map[1] = (struct pvh_memory){ 0x9fc00, 0x400, 2, 0 };
	map[2] = (struct pvh_memory){ 0x100000, 0x3ff00123, PVH_MEMORY_RAM, 0 };
	strcpy((char *)CMDLINE, "suite=all");
	tables_put();
	return 0;
}

static void module_put(uint64_t at, uint64_t size)
{
	info->modules = 1;
	info->module_list = MODULES;
	*module = (struct pvh_module){ .start = at, .size = size };
}

static void the_truth_is_taken(void **state)
{
	(void)state;
	module_put(ARCHIVE, 0x1000);
	assert_null(pvh_read(INFO, &told));
	assert_int_equal(told.map, MAP);
	assert_int_equal(told.map_count, 3);
	assert_int_equal(told.services, ARCHIVE);
	assert_int_equal(told.services_size, 0x1000);
	assert_int_equal(told.rsdp, RSDP);
}

static void bounds_of_reach(void **state)
{
	(void)state;
	assert_false(pvh_reachable(0, 1));
	assert_true(pvh_reachable(1, 1));
	assert_true(pvh_reachable(PVH_TABLES - 1, 1));
	assert_false(pvh_reachable(PVH_TABLES - 1, 2));
	assert_false(pvh_reachable(SVSM_BASE + 5, 1));
	assert_true(pvh_reachable(SVSM_BASE + SVSM_IMAGE_MAX, 1));
	assert_true(pvh_reachable(0xffffffff, 1));
	assert_false(pvh_reachable(0xffffffff, 2));
	assert_false(pvh_reachable(0xffffffff, ~0ull));
	assert_false(pvh_reachable(1ull << 32, 0));
}

static void refused(void)
{
	assert_non_null(pvh_read(INFO, &told));
	setup(NULL);
}

static void lies_are_refused(void **state)
{
	(void)state;
	assert_non_null(pvh_read(0, &told));
	assert_non_null(pvh_read(1ull << 40, &told));
	info->magic++;
	refused();
	info->version = 0;
	refused();
	info->memory_map_entries = 0;
	refused();
	info->memory_map_entries = PVH_ENTRIES_MAX + 1;
	refused();
	info->memory_map_entries = ~0u;
	refused();
	info->memory_map = SVSM_BASE;
	refused();
	info->memory_map = 0xfffffff0;
	refused();
	info->cmdline = 1ull << 33;
	refused();
	module_put(0xfffff000, 0x2000);
	refused();
	module_put(ARCHIVE, PVH_SERVICES_MAX + 1ull);
	refused();
	module_put(PVH_TABLES - 1, 2);
	refused();
	module_put(ARCHIVE, 1);
	info->modules = 2;
	refused();
	module_put(ARCHIVE, 1);
	info->module_list = ~0ull;
	refused();
}

static void text_is_cut(void **state)
{
	char to[8];

	(void)state;
	assert_int_equal(pvh_text(CMDLINE, to, sizeof(to)), 8);
	assert_string_equal(to, "suite=a");
	strcpy((char *)CMDLINE, "two");
	assert_int_equal(pvh_text(CMDLINE, to, sizeof(to)), 4);
	assert_string_equal(to, "two");
	assert_int_equal(pvh_text(0, to, sizeof(to)), 1);
	assert_string_equal(to, "");
}

static uint32_t cpus(void)
{
	uint8_t to[256];
	uint32_t n = boot_madt(RSDP, to, sizeof(to));

	setup(NULL);
	return n;
}

static void madt_is_found_or_not(void **state)
{
	(void)state;
	assert_int_equal(cpus(), 2);
	rsdp->signature[0] = 'X';
	assert_int_equal(cpus(), 0);
	rsdp->rsdt = 0;
	assert_int_equal(cpus(), 0);
	root->length = 0;
	assert_int_equal(cpus(), 0);
	root->length = sizeof(*root) + 3;
	assert_int_equal(cpus(), 0);
	root->length = ~0u;
	assert_int_equal(cpus(), 0);
	*(uint32_t *)(ROOT + sizeof(*root)) = SVSM_BASE;
	assert_int_equal(cpus(), 0);
	madt->length = 4096;
	assert_int_equal(cpus(), 0); /* no room */
	((uint8_t *)MADT)[sizeof(struct acpi_madt) + 1] = 0;
	assert_int_equal(cpus(), 0); /* would not end */
	((uint8_t *)MADT)[sizeof(struct acpi_madt) + 1] = 200;
	assert_int_equal(cpus(), 0);
	rsdp->revision = 2;
	rsdp->xsdt = ROOT; /* which is none */
	assert_int_equal(cpus(), 0);
}

static struct params *block(void)
{
	struct params *p = NULL;

	assert_null(pvh_read(INFO, &told));
	assert_null(block_make(&told, BLOCK, &p));
	return p;
}

static void parameters_hold_together(void **state)
{
	struct params *p = block();
	const struct igvm_memory_map_entry *ram = (void *)p->memory_map.start;
	const struct params_general *general = (void *)p->general.start;
	const struct snp_cpuid_page *leaves = (void *)p->cpuid_page;

	(void)state;
	assert_int_equal(p->magic, PARAMS_MAGIC);
	assert_int_equal(p->svsm_base, SVSM_BASE);
	assert_int_equal(p->svsm_base + p->image_size, SERVICES);
	assert_int_equal(p->services.size, 0);
	assert_int_equal(general->vp_count, 2);
	assert_memory_equal((void *)p->madt.start, madt, madt->length);
	assert_string_equal((char *)p->guest.cmdline.start, "suite=all");
	/* Nothing below 1 MiB, whole pages, and an end. */
	assert_int_equal(ram[0].starting_gpa_page_number, 0x100);
	assert_int_equal(ram[0].number_of_pages, 0x3ff00);
	assert_int_equal(ram[1].number_of_pages, 0);
	/* The fake machine has leaf 0 alone; the rate of the TSC is ours. */
	assert_int_equal(leaves->count, 2);
	assert_int_equal(leaves->fn[1].eax_in, CPUID_LEAF_HYPERVISOR_TSC);
	assert_true(leaves->fn[1].eax != 0);
}

static void services_are_copied(void **state)
{
	struct archive_entry *e = (void *)(archive + 1);
	struct params *p;

	(void)state;
	*archive =
		(struct archive_header){ .magic = ARCHIVE_MAGIC, .count = 1 };
	*e = (struct archive_entry){ .stack = 0x10000, .heap = 0x400000 };
	module_put(ARCHIVE, 0x2000);
	p = block();
	assert_int_equal(p->services.start, SERVICES);
	assert_int_equal(p->services.size, 0x2000);
	assert_memory_equal((void *)SERVICES, archive, 0x2000);
	assert_true(p->services_memory > 0x410000);
}

static void block_refused(void)
{
	struct params *p;

	assert_null(pvh_read(INFO, &told));
	assert_non_null(block_make(&told, BLOCK, &p));
	setup(NULL);
}

static void what_is_no_archive(void **state)
{
	struct archive_entry *e = (void *)(archive + 1);

	(void)state;
	module_put(ARCHIVE, 0x2000);
	block_refused();
	module_put(ARCHIVE, 8);
	*archive = (struct archive_header){ .magic = ARCHIVE_MAGIC };
	block_refused();
	module_put(ARCHIVE, 0x2000);
	*archive = (struct archive_header){ .magic = ARCHIVE_MAGIC,
					    .count = ARCHIVE_MAX + 1 };
	block_refused();
	module_put(ARCHIVE, 0x2000);
	*archive =
		(struct archive_header){ .magic = ARCHIVE_MAGIC, .count = 1 };
	*e = (struct archive_entry){ .segments = ARCHIVE_SEGMENTS + 1 };
	block_refused();
	module_put(ARCHIVE, 0x2000);
	*archive =
		(struct archive_header){ .magic = ARCHIVE_MAGIC, .count = 1 };
	*e = (struct archive_entry){ .heap = 1ull << 60 };
	block_refused();
	/* Where it would have to go itself. */
	module_put(SVSM_BASE + SVSM_IMAGE_MAX, SVSM_IMAGE_MAX);
	*(struct archive_header *)module->start =
		(struct archive_header){ .magic = ARCHIVE_MAGIC };
	block_refused();
	rsdp->rsdt = 0;
	block_refused();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_truth_is_taken, setup),
		cmocka_unit_test_setup(bounds_of_reach, setup),
		cmocka_unit_test_setup(lies_are_refused, setup),
		cmocka_unit_test_setup(text_is_cut, setup),
		cmocka_unit_test_setup(madt_is_found_or_not, setup),
		cmocka_unit_test_setup(parameters_hold_together, setup),
		cmocka_unit_test_setup(services_are_copied, setup),
		cmocka_unit_test_setup(what_is_no_archive, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Directive by directive, in file order: that order is the measurement. */
#include "emu/load.h"

#include "emu/attack/attack.h"
#include "emu/cpuid.h"
#include "emu/fwcfg.h"
#include "emu/guestmem.h"
#include "emu/hostfind.h"
#include "emu/launch.h"
#include "emu/log.h"
#include "emu/mm.h"
#include "emu/npt.h"
#include "emu/param.h"
#include "emu/stop.h"
#include "emu/vmpl.h"
#include "lib/igvm_read.h"
#include "lib/str.h"

#define FLASH_LOWEST 0xf0000000ull
#define FOUR_GIB     (1ull << 32)
#define VGA_START    0xa0000ull
#define VGA_SIZE     0x20000ull
#define FIRST_MIB    0x100000ull
#define HEX_DIGITS   "0123456789abcdef"

struct load {
	struct igvm_file file;
	uint32_t mask;
	struct psp psp;
	struct memmap map;
	struct param_machine machine;
	uint32_t apic_ids[MACHINE_CPUS];
	struct vmsa *vmsa; /* the boot VMSA, once its directive came */
	uint64_t required_pages;
	bool has_id_block;
	struct igvm_item id_block;
};

__attribute__((noreturn)) static void bad(const struct igvm_item *item,
					  const char *words)
{
	stop_machine(STOP_BAD_IMAGE, "bad IGVM file: offset 0x%x: %s: %s",
		     item->offset, igvm_type_name(item->type), words);
}

__attribute__((noreturn)) static void bad_file(const struct igvm_fault *f)
{
	stop_machine(STOP_BAD_IMAGE, "bad IGVM file: offset 0x%llx: %s",
		     (unsigned long long)f->offset, f->text);
}

/* ---- what the host says about the machine ---- */

static void map_set(struct load *l, uint64_t start, uint64_t size,
		    uint16_t type)
{
	struct pa_range r;

	if (pa_range_make(start, size, &r) != OK ||
	    memmap_set(&l->map, r, type) != OK)
		stop_machine(STOP_EMULATOR, "too many ranges of memory");
}

static void map_ram(struct load *l, uint64_t limit)
{
	for (uint32_t i = 0; i < machine.ram_count; i++)
		if (machine.ram[i].start.v < limit)
			map_set(l, machine.ram[i].start.v, machine.ram[i].size,
				IGVM_MEMORY_MAP_MEMORY);
}

/* QEMU's own firmware lies where the image's now is: of that, no word. */
static void map_reserved(struct load *l, struct pa_range r)
{
	struct pa_range flash = guestmem_flash();

	if (pa_range_overlap(r, flash)) {
		if (r.start.v >= flash.start.v)
			return;
		r.size = flash.start.v - r.start.v;
	}
	map_set(l, r.start.v, r.size, IGVM_MEMORY_MAP_PLATFORM_RESERVED);
}

/* The order matters: later entries win. What the firmware reserved below
 * 1 MiB is RAM all the same; its tables on top of low RAM stay reserved. */
static void describe_memory(struct load *l)
{
	map_ram(l, PA_LIMIT);
	for (uint32_t i = 0; i < machine.reserved_count; i++)
		map_reserved(l, machine.reserved[i]);
	map_ram(l, FIRST_MIB);
	map_set(l, VGA_START, VGA_SIZE, IGVM_MEMORY_MAP_PLATFORM_RESERVED);
}

/* SEV_FEATURES of the first VMSA in the file; it is loaded last, but the
 * CPUID page depends on it. */
static uint64_t launch_features(const struct load *l)
{
	struct igvm_iter it = igvm_first(&l->file);
	struct igvm_item item;
	struct vmsa vmsa;

	while (igvm_next(&it, &item)) {
		if (item.type != IGVM_VHT_VP_CONTEXT ||
		    !(item.mask & l->mask) || item.skipped || !item.data ||
		    item.data_size < sizeof(vmsa))
			continue;
		memcpy(&vmsa, item.data, sizeof(vmsa));
		return vmsa.sev_features;
	}
	return 0;
}

/* An SVSM that wants its interrupts as #HV is none of ours; those that exist
 * insist on XSAVE. */
static bool shows_xsave(const struct load *l)
{
	if (machine.options.xsave != XSAVE_AUTO)
		return machine.options.xsave == XSAVE_SHOW;
	return launch_features(l) & SEV_FEATURE_RESTRICTED_INJ;
}

static void describe_machine(struct load *l)
{
	describe_memory(l);
	for (uint32_t i = 0; i < machine.cpus; i++)
		l->apic_ids[i] = i;
	l->machine = (struct param_machine){
		.cpus = machine.cpus,
		.apic_ids = l->apic_ids,
		.map = &l->map,
		.cmdline = machine.options.cmdline,
		.lie = machine.options.map,
		.acpi_lie = machine.options.acpi,
	};
	hostfind_tables(&l->machine.tables);
	cpuid_policy_set(&(struct cpuid_policy){
		.cx16 = !machine.hide_cx16,
		.xsave = shows_xsave(l),
		.x2apic = machine.options.x2apic,
		.pcid = machine.options.pcid,
	});
	fwcfg_init();
}

/* ---- pages ---- */

/* Pages just below 4 GiB are a firmware image: flash, which QEMU lacks here. */
static void find_flash(struct load *l)
{
	struct igvm_iter it = igvm_first(&l->file);
	uint64_t start = FOUR_GIB;
	struct igvm_item item;
	struct pa_range r;

	while (igvm_next(&it, &item)) {
		if (!(item.mask & l->mask) || !igvm_item_range(&item, &r))
			continue;
		if (r.start.v >= FLASH_LOWEST && pa_range_end(r) <= FOUR_GIB &&
		    !guestmem_is_ram(r.start.v, r.size) && r.start.v < start)
			start = r.start.v;
	}
	if (start < FOUR_GIB &&
	    guestmem_add_flash(start, FOUR_GIB - start) != OK)
		stop_machine(STOP_BAD_IMAGE,
			     "bad IGVM file: no room for the firmware at %llx",
			     (unsigned long long)start);
}

static uint8_t *pages_of(const struct igvm_item *item, uint64_t gpa,
			 uint64_t size)
{
	uint8_t *at = guestmem_ptr(gpa, size);

	if (!at)
		bad(item, "the address is not RAM of this machine");
	return at;
}

/* One LAUNCH_UPDATE. @u: type, gpa and bytes; rmp NULL: not in RAM. */
static void update(struct load *l, const struct igvm_item *item,
		   const struct psp_update *u)
{
	uint32_t status = psp_launch_update(&l->psp, u);

	if (status == PSP_INVALID_PARAM && u->type == SNP_PAGE_TYPE_CPUID)
		stop_machine(STOP_EMULATOR, "the CPUID page tells of more "
					    "than the processor can do");
	if (status != PSP_SUCCESS)
		bad(item, launch_words(status));
}

static void place(struct load *l, const struct igvm_item *item,
		  unsigned int type, uint64_t gpa, void *page)
{
	update(l, item,
	       &(struct psp_update){ .rmp = &machine.rmp,
				     .at = rmp_same(gpa),
				     .type = type,
				     .bytes = page });
}

static unsigned int page_type(const struct igvm_item *item)
{
	switch (item->page.data_type) {
	case IGVM_PAGE_TYPE_SECRETS:
		return SNP_PAGE_TYPE_SECRETS;
	case IGVM_PAGE_TYPE_CPUID_DATA:
	case IGVM_PAGE_TYPE_CPUID_XF:
		return SNP_PAGE_TYPE_CPUID;
	default:
		return item->page.flags & IGVM_PAGE_UNMEASURED
			       ? SNP_PAGE_TYPE_UNMEASURED
			       : SNP_PAGE_TYPE_NORMAL;
	}
}

static void fill_cpuid(struct snp_cpuid_page *page)
{
	cpuid_page_fill(page);
	(void)attack_on(ATTACK_CPUID_PAGE, NULL, 0, page);
}

static void page_fill(const struct igvm_item *item, unsigned int type,
		      uint64_t offset, uint8_t *to)
{
	if (type == SNP_PAGE_TYPE_CPUID)
		fill_cpuid((void *)to);
	else if (item->data)
		memcpy(to, item->data + offset, PAGE_4K);
	else
		memset(to, 0, PAGE_4K);
}

static void page_data(struct load *l, const struct igvm_item *item)
{
	uint64_t size = item->page.flags & IGVM_PAGE_IS_2MB ? PAGE_2M : PAGE_4K;
	uint8_t *to = pages_of(item, item->page.gpa, size);
	unsigned int type = page_type(item);

	for (uint64_t at = 0; at < size; at += PAGE_4K) {
		uint64_t gpa = item->page.gpa + at;

		page_fill(item, type, at, to + at);
		if (!(item->page.flags & IGVM_PAGE_SHARED))
			place(l, item, type, gpa, to + at);
		if (type == SNP_PAGE_TYPE_SECRETS)
			(void)attack_on(ATTACK_SECRETS, NULL, 0, to + at);
	}
}

/*
 * The area is written where it goes: its records all come before this one, so
 * a second walk over the file finds them, and no copy is needed.
 */
static void insert(struct load *l, const struct igvm_item *item)
{
	uint8_t *to = pages_of(item, item->insert.gpa, item->area->size);
	struct igvm_iter it = igvm_first(&l->file);
	struct igvm_item usage;

	memset(to, 0, item->area->size);
	if (item->area->file_offset)
		memcpy(to, l->file.bytes + item->area->file_offset,
		       item->area->size);
	while (igvm_next(&it, &usage) && usage.offset < item->offset) {
		if (!igvm_type_is_usage(usage.type) || usage.area != item->area)
			continue;
		if (param_write(&usage, &l->machine, to) != OK)
			bad(&usage, "the value does not fit into its area");
		(void)attack_on(ATTACK_PARAMETER, NULL, usage.type,
				to + usage.usage.byte_offset);
	}
	for (uint64_t at = 0; at < item->area->size; at += PAGE_4K)
		place(l, item, SNP_PAGE_TYPE_UNMEASURED, item->insert.gpa + at,
		      to + at);
}

/* A hint of what the guest will want: private, but not validated. */
static void required(struct load *l, const struct igvm_item *item)
{
	uint64_t size = item->required.number_of_bytes;

	(void)pages_of(item, item->required.gpa, size);
	for (uint64_t at = 0; at < size; at += PAGE_4K) {
		uint64_t gpa = item->required.gpa + at;

		if (rmp_is_private(&machine.rmp, gpa))
			continue;
		if (rmp_assign(&machine.rmp, rmp_same(gpa), RMP_PG_SIZE_4K) !=
		    RMPUPDATE_OK)
			bad(item, "the page cannot be made private");
		guestmem_converted(gpa, 1);
		l->required_pages++;
	}
}

/* The boot VMSA's usual address is no RAM: hardware keeps it elsewhere. */
static void vp_context(struct load *l, const struct igvm_item *item)
{
	struct psp_update u = { .at = rmp_same(item->vp_context.gpa),
				.type = SNP_PAGE_TYPE_VMSA };

	if (item->vp_context.vp_index != 0)
		bad(item, "only VP 0 starts at launch");
	if (!item->data || item->data_size < sizeof(struct vmsa))
		bad(item, "the VMSA has no contents");
	if (l->vmsa)
		bad(item, "VP 0 has a state already");
	if (guestmem_is_ram(u.at.gpa, PAGE_4K)) {
		l->vmsa = guestmem_ptr(u.at.gpa, PAGE_4K);
		u.rmp = &machine.rmp;
	} else {
		l->vmsa = mm_page();
	}
	memcpy(l->vmsa, item->data, PAGE_4K);
	u.bytes = l->vmsa;
	update(l, item, &u);
	vmpl_install(machine.vcpu[0], 0, u.at.gpa, l->vmsa);
}

/* Its digest covers what is yet to come: looked at when all is loaded. */
static void id_block(struct load *l, const struct igvm_item *item)
{
	if (l->has_id_block)
		bad(item, "there is an ID block already");
	l->id_block = *item;
	l->has_id_block = true;
}

static void directive(struct load *l, const struct igvm_item *item)
{
	switch (item->type) {
	case IGVM_VHT_PAGE_DATA:
		page_data(l, item);
		break;
	case IGVM_VHT_PARAMETER_INSERT:
		insert(l, item);
		break;
	case IGVM_VHT_REQUIRED_MEMORY:
		required(l, item);
		break;
	case IGVM_VHT_VP_CONTEXT:
		vp_context(l, item);
		break;
	case IGVM_VHT_SNP_ID_BLOCK:
		id_block(l, item);
		break;
	case IGVM_VHT_RELOCATABLE_REGION:
	case IGVM_VHT_PAGE_TABLE_RELOCATION_REGION:
		log_line("IGVM: loaded where it asks to be, not relocated");
		break;
	default:
		/* Areas and their records act at the insert; ERROR_RANGE is
		 * shared, as all memory is; the policy came first. */
		break;
	}
}

/* ---- the whole ---- */

static void open_file(struct load *l)
{
	struct igvm_fault fault = { 0, "" };
	struct igvm_span *spans;
	uint64_t bytes;

	if (igvm_open(&l->file, machine.igvm, machine.igvm_size, &fault) != OK)
		bad_file(&fault);
	if (igvm_platform_mask(&l->file, IGVM_PLATFORM_SEV_SNP, &l->mask) != OK)
		stop_machine(STOP_BAD_IMAGE,
			     "bad IGVM file: offset 0x%x: not for SEV-SNP",
			     l->file.header_offset);
	bytes = l->file.header_count * sizeof(*spans);
	spans = mm_pages(bytes / PAGE_4K + 1);
	if (igvm_overlap_check(&l->file, l->mask, spans, l->file.header_count,
			       &fault) != OK)
		bad_file(&fault);
}

/* The policy goes to the security processor before anything is loaded. */
static void start(struct load *l)
{
	struct igvm_iter it = igvm_first(&l->file);
	struct igvm_item policy = { .offset = l->file.header_offset,
				    .type = IGVM_VHT_GUEST_POLICY };
	struct igvm_item item;
	uint32_t status;

	policy.policy.policy = SNP_POLICY_DEFAULT;
	while (igvm_next(&it, &item))
		if (item.type == IGVM_VHT_GUEST_POLICY && (item.mask & l->mask))
			policy = item;
	status = launch_start(&l->psp, &l->file, policy.policy.policy,
			      machine.options.seed);
	if (status != PSP_SUCCESS)
		bad(&policy, launch_words(status));
}

static void finish(struct load *l)
{
	uint32_t status = launch_finish(
		&l->psp, l->has_id_block ? &l->id_block.id_block : NULL);

	if (status != PSP_SUCCESS)
		bad(&l->id_block, launch_words(status));
}

static void check_start(const struct load *l)
{
	const char *why = "there is no VP_CONTEXT for SEV-SNP";

	if (l->vmsa)
		why = vmpl_refusal(machine.vcpu[0], 0);
	if (why)
		stop_machine(STOP_BAD_IMAGE,
			     "bad IGVM file: offset 0x%x: the guest cannot "
			     "start: %s",
			     l->file.header_end, why);
}

/* An SVSM announces the level below, or wants its interrupts as #HV. */
static bool has_levels(const struct load *l)
{
	for (uint32_t i = 0; i < l->file.platform_count; i++)
		if (l->file.platforms[i].platform_type ==
			    IGVM_PLATFORM_SEV_SNP &&
		    l->file.platforms[i].highest_vtl)
			return true;
	return l->vmsa->sev_features & SEV_FEATURE_RESTRICTED_INJ;
}

static void tell(const struct load *l)
{
	char hex[2 * SNP_DIGEST_SIZE + 1];

	for (unsigned int i = 0; i < SNP_DIGEST_SIZE; i++) {
		hex[2 * i] = HEX_DIGITS[l->psp.digest.ld[i] >> 4];
		hex[2 * i + 1] = HEX_DIGITS[l->psp.digest.ld[i] & 15];
	}
	hex[2 * SNP_DIGEST_SIZE] = '\0';
	log_line("launch: policy %llx, %llu pages measured, %llu required",
		 (unsigned long long)l->psp.policy,
		 (unsigned long long)l->psp.digest.pages,
		 (unsigned long long)l->required_pages);
	log_line("launch digest %s", hex);
}

void load_guest(void)
{
	static struct load l;
	struct igvm_iter it;
	struct igvm_item item;

	/* Nothing of an earlier launch counts: tests make many. */
	memset(&l, 0, sizeof(l));
	open_file(&l);
	find_flash(&l);
	describe_machine(&l);
	start(&l);
	it = igvm_first(&l.file);
	while (igvm_next(&it, &item))
		if (!item.skipped && (item.mask & l.mask))
			directive(&l, &item);
	tell(&l);
	finish(&l);
	check_start(&l);
	machine.has_levels = has_levels(&l);
	machine.vcpu[0]->next_vmpl = 0;
	machine.vcpu[0]->attention = ATTENTION_START;
}

/* SPDX-License-Identifier: MIT */
/* IGVM headers in words: one function a kind of header. */
#include "tools/igvminfo/words.h"

#include <stdio.h>
#include <string.h>

#include "abi/snp/launch.h"
#include "abi/snp/vmsa.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ULL(v)	 ((unsigned long long)(v))

const char *words_platform(uint32_t platform_type)
{
	static const char *const names[IGVM_PLATFORM_COUNT] = {
		"native", "VSM isolation", "SEV-SNP", "TDX",
		"SEV",	  "SEV-ES",	   "CCA",
	};

	return platform_type < COUNT(names) ? names[platform_type] : "unknown";
}

const char *words_size(uint64_t bytes)
{
	static char texts[4][32];
	static unsigned int next;
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB",
					     "TiB" };
	char *text = texts[next++ % 4];
	unsigned int unit = 0;

	while (bytes && bytes % 1024 == 0 && unit + 1 < COUNT(units)) {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, sizeof(texts[0]), "%llu %s", ULL(bytes), units[unit]);
	return text;
}

static void print_hex(const char *what, const uint8_t *bytes, size_t size)
{
	printf("            %s ", what);
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

static void print_range(uint64_t gpa, uint64_t size)
{
	printf("0x%llx-0x%llx (%s)", ULL(gpa), ULL(gpa + size - 1),
	       words_size(size));
}

/* Where the data of an item stands in the file, or that there is none. */
static void print_data(const struct igvm_file *f, const struct igvm_item *it)
{
	if (it->data)
		printf(", data at 0x%llx", ULL(it->data - f->bytes));
	else
		printf(", zeroes");
}

static void print_platform(const struct igvm_item *it)
{
	const struct igvm_supported_platform *p = &it->platform;

	printf("%s has mask 0x%x, version %u, highest VTL %u",
	       words_platform(p->platform_type), p->compatibility_mask,
	       p->platform_version, p->highest_vtl);
	if (p->shared_gpa_boundary)
		printf(", memory is shared from 0x%llx on",
		       ULL(p->shared_gpa_boundary));
	printf("\n");
}

/* Only SNP policies are spelled out; other platforms have other bits. */
static void print_policy(const struct igvm_file *f, const struct igvm_item *it)
{
	static const struct {
		uint64_t bit;
		const char *words;
	} bits[] = {
		{ SNP_POLICY_SMT, "SMT allowed" },
		{ SNP_POLICY_MIGRATE_MA, "migration agent allowed" },
		{ SNP_POLICY_DEBUG, "DEBUG BY THE HOST ALLOWED" },
		{ SNP_POLICY_SINGLE_SOCKET, "single socket only" },
		{ SNP_POLICY_CXL, "CXL allowed" },
		{ SNP_POLICY_AES_256_XTS, "AES-256-XTS demanded" },
		{ SNP_POLICY_RAPL_DIS, "RAPL must be off" },
		{ SNP_POLICY_CIPHERTEXT_HIDING, "ciphertext hiding demanded" },
		{ SNP_POLICY_PAGE_SWAP_DISABLE, "page swap disabled" },
	};
	uint64_t policy = it->policy.policy;
	uint32_t mask;

	printf("policy 0x%llx", ULL(policy));
	if (igvm_platform_mask(f, IGVM_PLATFORM_SEV_SNP, &mask) == OK &&
	    (mask & it->mask)) {
		printf(": ABI %llu.%llu", ULL(policy >> 8 & 0xff),
		       ULL(policy & 0xff));
		for (size_t i = 0; i < COUNT(bits); i++)
			if (policy & bits[i].bit)
				printf(", %s", bits[i].words);
		if (!(policy & SNP_POLICY_MUST_BE_ONE))
			printf(", bit 17 MISSING");
	}
	printf("\n");
}

static void print_relocatable(const struct igvm_item *it)
{
	const struct igvm_relocatable_region *r = &it->relocatable;

	printf("VP %u VTL %u: ", r->vp_index, r->vtl);
	print_range(r->relocation_region_gpa, r->relocation_region_size);
	printf(" may move to 0x%llx-0x%llx, aligned to %s",
	       ULL(r->minimum_relocation_gpa), ULL(r->maximum_relocation_gpa),
	       words_size(r->relocation_alignment));
	printf("%s%s%s\n", r->flags & IGVM_RELOCATE_IS_VTL2 ? ", VTL 2" : "",
	       r->flags & IGVM_RELOCATE_APPLY_PC ? ", RIP moves too" : "",
	       r->flags & IGVM_RELOCATE_APPLY_GDTR ? ", GDTR moves too" : "");
}

static void print_page_table(const struct igvm_item *it)
{
	const struct igvm_page_table_relocation *r = &it->page_table;

	printf("VP %u VTL %u: page tables at ", r->vp_index, r->vtl);
	print_range(r->gpa, r->size);
	printf(", %s used\n", words_size(r->used_size));
}

static void print_area(const struct igvm_file *f, const struct igvm_item *it)
{
	printf("area %u has %s", it->parameter_area.parameter_area_index,
	       words_size(it->parameter_area.number_of_bytes));
	print_data(f, it);
	printf("\n");
}

static void print_page(const struct igvm_file *f, const struct igvm_item *it)
{
	static const char *const types[] = { "normal", "secrets", "CPUID",
					     "CPUID XFEM" };
	uint32_t flags = it->page.flags;

	print_range(it->page.gpa, flags & IGVM_PAGE_IS_2MB ? PAGE_2M : PAGE_4K);
	printf(", %s", types[it->page.data_type]);
	if (it->page.data_type == IGVM_PAGE_TYPE_SECRETS) {
		printf(", written by the security processor\n");
		return;
	}
	if (flags & IGVM_PAGE_SHARED)
		printf(", shared with the host");
	else if (flags & IGVM_PAGE_UNMEASURED ||
		 it->page.data_type != IGVM_PAGE_TYPE_NORMAL)
		printf(", contents not measured");
	else
		printf(", measured");
	print_data(f, it);
	printf("\n");
}

static void print_segment(const char *name, const struct vmsa_seg *s)
{
	printf("            %-4s %04x attributes %03x base 0x%llx limit 0x%x\n",
	       name, s->selector, s->attr, ULL(s->base), s->limit);
}

/* What decides where and how the VP starts, not all of the page. */
static void print_vmsa(const uint8_t *data)
{
	struct vmsa v;

	memcpy(&v, data, sizeof(v));
	printf("            RIP 0x%llx RSP 0x%llx RFLAGS 0x%llx VMPL %u CPL %u"
	       "\n",
	       ULL(v.rip), ULL(v.rsp), ULL(v.rflags), v.vmpl, v.cpl);
	printf("            CR0 0x%llx CR3 0x%llx CR4 0x%llx EFER 0x%llx XCR0 "
	       "0x%llx\n",
	       ULL(v.cr0), ULL(v.cr3), ULL(v.cr4), ULL(v.efer), ULL(v.xcr0));
	printf("            SEV_FEATURES 0x%llx virtual TOM 0x%llx\n",
	       ULL(v.sev_features), ULL(v.virtual_tom));
	print_segment("CS", &v.cs);
	print_segment("SS", &v.ss);
	print_segment("GDTR", &v.gdtr);
	print_segment("IDTR", &v.idtr);
}

static void print_native(const uint8_t *data)
{
	struct igvm_native_vp_context_x64 c;

	memcpy(&c, data, sizeof(c));
	printf("            RIP 0x%llx RSP 0x%llx RFLAGS 0x%llx\n", ULL(c.rip),
	       ULL(c.rsp), ULL(c.rflags));
	printf("            CR0 0x%llx CR3 0x%llx CR4 0x%llx EFER 0x%llx\n",
	       ULL(c.cr0), ULL(c.cr3), ULL(c.cr4), ULL(c.efer));
	printf("            CS %04x attributes %04x base 0x%x limit 0x%x\n",
	       c.code_selector, c.code_attributes, c.code_base, c.code_limit);
	printf("            data %04x attributes %04x base 0x%x limit 0x%x\n",
	       c.data_selector, c.data_attributes, c.data_base, c.data_limit);
}

static const struct igvm_supported_platform *
platform_of(const struct igvm_file *f, uint32_t mask)
{
	for (uint32_t i = 0; i < f->platform_count; i++)
		if (f->platforms[i].compatibility_mask & mask)
			return &f->platforms[i];
	return NULL;
}

/* The form of the state follows from the platform; see lib/igvm_body.c. */
static void print_vp_context(const struct igvm_file *f,
			     const struct igvm_item *it)
{
	const struct igvm_supported_platform *p = platform_of(f, it->mask);

	printf("VP %u", it->vp_context.vp_index);
	if (it->vp_context.gpa)
		printf(", at 0x%llx", ULL(it->vp_context.gpa));
	print_data(f, it);
	printf("\n");
	if (!p || !it->data)
		return;
	if (p->platform_type == IGVM_PLATFORM_SEV_SNP ||
	    p->platform_type == IGVM_PLATFORM_SEV_ES)
		print_vmsa(it->data);
	else if (p->platform_type != IGVM_PLATFORM_VSM_ISOLATION)
		print_native(it->data);
}

static void print_id_block(const struct igvm_item *it)
{
	const struct igvm_snp_id_block *b = &it->id_block;

	printf("version %u, SVN %u, author key %s\n", b->version, b->guest_svn,
	       b->author_key_enabled ? "used" : "not used");
	print_hex("launch digest", b->ld, sizeof(b->ld));
	print_hex("family", b->family_id, sizeof(b->family_id));
	print_hex("image", b->image_id, sizeof(b->image_id));
}

static void print_usage_record(const struct igvm_item *it)
{
	static const struct {
		uint32_t type;
		const char *words;
	} uses[] = {
		{ IGVM_VHT_VP_COUNT, "the number of VPs" },
		{ IGVM_VHT_SRAT, "ACPI SRAT" },
		{ IGVM_VHT_MADT, "ACPI MADT" },
		{ IGVM_VHT_MMIO_RANGES, "two MMIO ranges" },
		{ IGVM_VHT_MEMORY_MAP, "the memory map" },
		{ IGVM_VHT_COMMAND_LINE, "the command line" },
		{ IGVM_VHT_SLIT, "ACPI SLIT" },
		{ IGVM_VHT_PPTT, "ACPI PPTT" },
		{ IGVM_VHT_DEVICE_TREE, "a device tree" },
		{ IGVM_VHT_ENVIRONMENT_INFO, "the environment flags" },
	};

	for (size_t i = 0; i < COUNT(uses); i++)
		if (uses[i].type == it->type)
			printf("the host writes %s to area %u + 0x%x\n",
			       uses[i].words, it->usage.parameter_area_index,
			       it->usage.byte_offset);
}

static void print_insert(const struct igvm_item *it)
{
	printf("area %u becomes ", it->area->index);
	print_range(it->insert.gpa, it->area->size);
	printf(", contents not measured\n");
}

static void print_required(const struct igvm_item *it)
{
	print_range(it->required.gpa, it->required.number_of_bytes);
	printf(" must be there%s\n",
	       it->required.flags ? ", protectable by VTL 2" : "");
}

static void print_rest(const struct igvm_item *it)
{
	switch (it->type) {
	case IGVM_VHT_CORIM_DOCUMENT:
	case IGVM_VHT_CORIM_SIGNATURE:
		printf("%s at 0x%x\n", words_size(it->corim.size_bytes),
		       it->corim.file_offset);
		break;
	case IGVM_VHT_CCA_POLICY:
		printf("hash algorithm %u, ones 0x%llx, zeroes 0x%llx\n",
		       it->cca.hash_algorithm,
		       ULL(it->cca.attributes_required_ones),
		       ULL(it->cca.attributes_required_zeroes));
		break;
	case IGVM_VHT_ERROR_RANGE:
		print_range(it->error_range.gpa, it->error_range.size_bytes);
		printf(", shared with the host for error reports\n");
		break;
	case IGVM_VHT_VBS_MEASUREMENT:
		printf("version %u, product %u, module %u, security version %u,"
		       " policy 0x%x\n",
		       it->vbs.version, it->vbs.product_id, it->vbs.module_id,
		       it->vbs.security_version, it->vbs.policy_flags);
		break;
	default:
		print_usage_record(it);
		break;
	}
}

/* Kinds with much to say have their own function, others share one. */
static void print_item(const struct igvm_file *f, const struct igvm_item *it)
{
	printf("0x%08x  %s", it->offset, igvm_type_name(it->type));
	if (it->skipped) {
		printf(" 0x%x, %u bytes: optional, skipped\n", it->type,
		       it->length);
		return;
	}
	if (it->mask != ~0u)
		printf(" [0x%x]", it->mask);
	printf(": ");
	switch (it->type) {
	case IGVM_VHT_SUPPORTED_PLATFORM:
		return print_platform(it);
	case IGVM_VHT_GUEST_POLICY:
		return print_policy(f, it);
	case IGVM_VHT_RELOCATABLE_REGION:
		return print_relocatable(it);
	case IGVM_VHT_PAGE_TABLE_RELOCATION_REGION:
		return print_page_table(it);
	case IGVM_VHT_PARAMETER_AREA:
		return print_area(f, it);
	case IGVM_VHT_PAGE_DATA:
		return print_page(f, it);
	case IGVM_VHT_PARAMETER_INSERT:
		return print_insert(it);
	case IGVM_VHT_VP_CONTEXT:
		return print_vp_context(f, it);
	case IGVM_VHT_REQUIRED_MEMORY:
		return print_required(it);
	case IGVM_VHT_SNP_ID_BLOCK:
		return print_id_block(it);
	default:
		return print_rest(it);
	}
}

void words_print(const char *path, const struct igvm_file *file)
{
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;

	printf("%s: IGVM version %u for %s, %llu bytes\n", path,
	       file->format_version,
	       file->architecture == IGVM_ARCH_X64 ? "x86-64" : "AArch64",
	       ULL(file->size));
	printf("%u headers at 0x%x-0x%x, data at 0x%x-0x%llx, checksum %08x"
	       "\n\n",
	       file->header_count, file->header_offset, file->header_end - 1,
	       file->header_end, ULL(file->size - 1), file->checksum);
	while (igvm_next(&it, &item))
		print_item(file, &item);
}

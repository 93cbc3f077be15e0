/* SPDX-License-Identifier: MIT */
/*
 * What each IGVM header may say. Checks here look at one header, and at areas
 * and platforms declared before it; rules of order are in lib/igvm_read.c.
 */
#include "lib/igvm_body.h"

#include "lib/str.h"

/* The only size of SNP, SEV and native contexts. */
#define VP_CONTEXT_SIZE IGVM_PAGE_SIZE

static const char *check_data(const struct igvm_file *f, struct igvm_item *it,
			      uint32_t at, uint64_t size)
{
	/* Before the end of the headers it would be no data but a header. */
	if (at < f->header_end || at > f->size || size > f->size - at)
		return "data lies outside the data section";
	it->data = f->bytes + at;
	it->data_size = (uint32_t)size;
	return NULL;
}

/*
 * Address and size come from the file: alignment and the 52 bits are checked
 * here once, so nobody behind this can wrap when adding them.
 */
static const char *check_memory(uint64_t gpa, uint64_t size)
{
	struct pa_range r;

	if (!addr_aligned(gpa, PAGE_4K))
		return "address is not page aligned";
	if (!size || !addr_aligned(size, PAGE_4K))
		return "size is zero or no multiple of 4 KiB";
	if (pa_range_make(gpa, size, &r) != OK)
		return "memory lies beyond 52 address bits";
	return NULL;
}

static const char *check_platform(const struct igvm_file *f,
				  struct igvm_item *it)
{
	const struct igvm_supported_platform *p = &it->platform;

	(void)f;
	if (!p->compatibility_mask ||
	    (p->compatibility_mask & (p->compatibility_mask - 1)))
		return "platform's mask is not exactly one bit";
	if (p->platform_type >= IGVM_PLATFORM_COUNT)
		return "unknown platform type";
	if (p->platform_version != IGVM_PLATFORM_VERSION)
		return "unknown platform version";
	if (p->highest_vtl != 0 && p->highest_vtl != 2)
		return "highest VTL is neither 0 nor 2";
	if (p->shared_gpa_boundary &&
	    (p->platform_type == IGVM_PLATFORM_NATIVE ||
	     p->platform_type == IGVM_PLATFORM_VSM_ISOLATION))
		return "platform has no shared address boundary";
	return NULL;
}

static const char *check_policy(const struct igvm_file *f, struct igvm_item *it)
{
	(void)f;
	return it->policy.reserved ? "reserved field is not zero" : NULL;
}

/* Nothing of ours relocates; a file that speaks of it must still make sense. */
static const char *check_relocatable(const struct igvm_file *f,
				     struct igvm_item *it)
{
	const struct igvm_relocatable_region *r = &it->relocatable;
	uint64_t align = r->relocation_alignment;

	(void)f;
	if (r->flags & ~(IGVM_RELOCATE_IS_VTL2 | IGVM_RELOCATE_APPLY_PC |
			 IGVM_RELOCATE_APPLY_GDTR))
		return "unknown flag";
	if (align < PAGE_4K || (align & (align - 1)))
		return "alignment is no power of two of at least 4 KiB";
	if (!addr_aligned(r->relocation_region_gpa, align))
		return "region is not aligned as it says itself";
	if (!addr_aligned(r->minimum_relocation_gpa, align) ||
	    r->minimum_relocation_gpa > r->maximum_relocation_gpa ||
	    r->maximum_relocation_gpa > PA_LIMIT)
		return "relocation bounds make no sense";
	return check_memory(r->relocation_region_gpa,
			    r->relocation_region_size);
}

static const char *check_page_table(const struct igvm_file *f,
				    struct igvm_item *it)
{
	const struct igvm_page_table_relocation *r = &it->page_table;

	(void)f;
	if (r->reserved)
		return "reserved field is not zero";
	if (r->used_size > r->size || !addr_aligned(r->used_size, PAGE_4K))
		return "used size makes no sense";
	return check_memory(r->gpa, r->size);
}

/* Opaque to us but for its place in the file. */
static const char *check_corim(const struct igvm_file *f, struct igvm_item *it)
{
	if (it->corim.reserved)
		return "reserved field is not zero";
	if (!it->corim.size_bytes)
		return "document is empty";
	return check_data(f, it, it->corim.file_offset, it->corim.size_bytes);
}

static const char *check_cca(const struct igvm_file *f, struct igvm_item *it)
{
	(void)f;
	if (it->cca.reserved ||
	    !bytes_are_zero(it->cca.reserved2, sizeof(it->cca.reserved2)))
		return "reserved field is not zero";
	return NULL;
}

/*
 * A loader holds and zeroes all areas at once: without a bound a file of a few
 * hundred bytes could ask for any amount of its memory.
 */
static const char *check_area(const struct igvm_file *f, struct igvm_item *it)
{
	const struct igvm_parameter_area *a = &it->parameter_area;

	if (!a->number_of_bytes || !addr_aligned(a->number_of_bytes, PAGE_4K))
		return "size is zero or no multiple of 4 KiB";
	if (a->number_of_bytes > IGVM_AREA_BYTES_MAX)
		return "parameter area is larger than 16 MiB";
	if (!a->file_offset)
		return NULL;
	return check_data(f, it, a->file_offset, a->number_of_bytes);
}

/*
 * Secrets and CPUID pages are written or checked by the security processor:
 * flags or data of the file on them would promise what no loader can do.
 */
static const char *check_page(const struct igvm_file *f, struct igvm_item *it)
{
	const struct igvm_page_data *p = &it->page;
	bool large = p->flags & IGVM_PAGE_IS_2MB;
	uint64_t size = large ? IGVM_LARGE_PAGE_SIZE : IGVM_PAGE_SIZE;
	const char *wrong;

	if (p->flags &
	    ~(IGVM_PAGE_IS_2MB | IGVM_PAGE_UNMEASURED | IGVM_PAGE_SHARED))
		return "unknown flag";
	if (p->reserved)
		return "reserved field is not zero";
	if (p->data_type > IGVM_PAGE_TYPE_CPUID_XF)
		return "unknown page type";
	if (p->data_type != IGVM_PAGE_TYPE_NORMAL && p->flags)
		return "secrets and CPUID pages take no flags";
	if (p->data_type == IGVM_PAGE_TYPE_SECRETS && p->file_offset)
		return "secrets page comes with data";
	if (large && !addr_aligned(p->gpa, PAGE_2M))
		return "address is not 2 MiB aligned";
	wrong = check_memory(p->gpa, size);
	if (wrong || !p->file_offset)
		return wrong;
	return check_data(f, it, p->file_offset, size);
}

/* At most IGVM_AREA_COUNT_MAX steps, whatever the index is. */
static const char *find_area(const struct igvm_file *f, struct igvm_item *it,
			     uint32_t index)
{
	for (uint32_t i = 0; i < f->area_count; i++) {
		if (f->areas[i].index == index) {
			it->area = &f->areas[i];
			return NULL;
		}
	}
	return "parameter area was not declared before";
}

static const char *check_insert(const struct igvm_file *f, struct igvm_item *it)
{
	const char *wrong = find_area(f, it, it->insert.parameter_area_index);

	if (wrong)
		return wrong;
	return check_memory(it->insert.gpa, it->area->size);
}

/* What a loader writes at least for a usage record. */
static uint32_t usage_size(uint32_t type)
{
	switch (type) {
	case IGVM_VHT_VP_COUNT:
	case IGVM_VHT_ENVIRONMENT_INFO:
		return sizeof(uint32_t);
	case IGVM_VHT_MMIO_RANGES:
		return IGVM_MMIO_RANGE_COUNT * sizeof(struct igvm_mmio_range);
	default:
		return 1;
	}
}

static const char *check_usage(const struct igvm_file *f, struct igvm_item *it)
{
	const char *wrong = find_area(f, it, it->usage.parameter_area_index);

	if (wrong)
		return wrong;
	/* Areas hold a page at least, so this difference cannot wrap. */
	if (it->usage.byte_offset > it->area->size - usage_size(it->type))
		return "value does not fit into its parameter area";
	return NULL;
}

/* A count and so many registers; 64 bits hold the product of any count. */
static const char *check_vsm_context(const struct igvm_file *f,
				     struct igvm_item *it)
{
	uint32_t at = it->vp_context.file_offset, count;
	const char *wrong = check_data(f, it, at, sizeof(count));

	if (wrong)
		return wrong;
	memcpy(&count, it->data, sizeof(count));
	return check_data(f, it, at,
			  sizeof(count) +
				  (uint64_t)count * IGVM_VSM_REGISTER_SIZE);
}

/* A context's form depends on the platform, so it can be for one only. */
static const char *check_vp_context(const struct igvm_file *f,
				    struct igvm_item *it)
{
	const struct igvm_vp_context *v = &it->vp_context;
	const struct igvm_supported_platform *p = NULL;

	if (v->reserved)
		return "reserved field is not zero";
	if (!addr_aligned(v->gpa, PAGE_4K) || v->gpa >= PA_LIMIT)
		return "address is not that of a page";
	for (uint32_t i = 0; i < f->platform_count; i++) {
		if (!(f->platforms[i].compatibility_mask & it->mask))
			continue;
		if (p)
			return "VP context is for more than one platform";
		p = &f->platforms[i];
	}
	/* For a platform nobody declared: it will never be looked at. */
	if (!p)
		return NULL;
	switch (p->platform_type) {
	case IGVM_PLATFORM_TDX:
	case IGVM_PLATFORM_CCA:
		return "VP context is for a platform that takes none";
	case IGVM_PLATFORM_VSM_ISOLATION:
		return check_vsm_context(f, it);
	case IGVM_PLATFORM_SEV_SNP:
		if (!v->gpa)
			return "VMSA at address 0";
		return check_data(f, it, v->file_offset, VP_CONTEXT_SIZE);
	default:
		return check_data(f, it, v->file_offset, VP_CONTEXT_SIZE);
	}
}

/* A size of 4 GiB shows up as 0 in the 32-bit field and is refused as such. */
static const char *check_required(const struct igvm_file *f,
				  struct igvm_item *it)
{
	(void)f;
	if (it->required.reserved)
		return "reserved field is not zero";
	if (it->required.flags & ~IGVM_REQUIRED_VTL2_PROTECTABLE)
		return "unknown flag";
	return check_memory(it->required.gpa, it->required.number_of_bytes);
}

static const char *check_error_range(const struct igvm_file *f,
				     struct igvm_item *it)
{
	(void)f;
	return check_memory(it->error_range.gpa, it->error_range.size_bytes);
}

static const char *check_id_block(const struct igvm_file *f,
				  struct igvm_item *it)
{
	const struct igvm_snp_id_block *b = &it->id_block;

	(void)f;
	if (b->author_key_enabled > 1)
		return "author_key_enabled is neither 0 nor 1";
	if (!bytes_are_zero(b->reserved, sizeof(b->reserved)) ||
	    b->id_public_key.reserved || b->author_public_key.reserved)
		return "reserved field is not zero";
	return NULL;
}

static const char *check_nothing(const struct igvm_file *f,
				 struct igvm_item *it)
{
	(void)f;
	(void)it;
	return NULL;
}

#define BODY(name, body, mask_at, check)                                    \
	{                                                                   \
		IGVM_VHT_##name, sizeof(struct body), mask_at, #name, check \
	}
#define MASK_AT(body)		  ((int)offsetof(struct body, compatibility_mask))
#define MASKED(name, body, check) BODY(name, body, MASK_AT(body), check)
#define USAGE(name)		  BODY(name, igvm_parameter_usage, -1, check_usage)

static const struct igvm_body bodies[] = {
	/* A platform's own mask says which bit is its, not when it applies. */
	BODY(SUPPORTED_PLATFORM, igvm_supported_platform, -1, check_platform),
	MASKED(GUEST_POLICY, igvm_guest_policy, check_policy),
	MASKED(RELOCATABLE_REGION, igvm_relocatable_region, check_relocatable),
	MASKED(PAGE_TABLE_RELOCATION_REGION, igvm_page_table_relocation,
	       check_page_table),
	MASKED(CORIM_DOCUMENT, igvm_corim, check_corim),
	MASKED(CORIM_SIGNATURE, igvm_corim, check_corim),
	MASKED(CCA_POLICY, igvm_cca_policy, check_cca),
	BODY(PARAMETER_AREA, igvm_parameter_area, -1, check_area),
	MASKED(PAGE_DATA, igvm_page_data, check_page),
	MASKED(PARAMETER_INSERT, igvm_parameter_insert, check_insert),
	MASKED(VP_CONTEXT, igvm_vp_context, check_vp_context),
	MASKED(REQUIRED_MEMORY, igvm_required_memory, check_required),
	USAGE(VP_COUNT),
	USAGE(SRAT),
	USAGE(MADT),
	USAGE(MMIO_RANGES),
	MASKED(SNP_ID_BLOCK, igvm_snp_id_block, check_id_block),
	USAGE(MEMORY_MAP),
	MASKED(ERROR_RANGE, igvm_error_range, check_error_range),
	USAGE(COMMAND_LINE),
	USAGE(SLIT),
	USAGE(PPTT),
	MASKED(VBS_MEASUREMENT, igvm_vbs_measurement, check_nothing),
	USAGE(DEVICE_TREE),
	USAGE(ENVIRONMENT_INFO),
};

const struct igvm_body *igvm_body_find(uint32_t type)
{
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (bodies[i].type == type)
			return &bodies[i];
	return NULL;
}

enum igvm_section igvm_body_section(uint32_t type)
{
	if (type <= IGVM_VHT_PLATFORM_LAST)
		return IGVM_SECTION_PLATFORM;
	if (type <= IGVM_VHT_INIT_LAST)
		return IGVM_SECTION_INIT;
	return IGVM_SECTION_DIRECTIVE;
}

bool igvm_type_is_usage(uint32_t type)
{
	const struct igvm_body *body = igvm_body_find(type);

	return body && body->check == check_usage;
}

const char *igvm_type_name(uint32_t type)
{
	const struct igvm_body *body = igvm_body_find(type);

	return body ? body->name : "unknown";
}

const char *igvm_body_decode(const struct igvm_body *body,
			     const struct igvm_file *file, const uint8_t *bytes,
			     struct igvm_item *item)
{
	if (item->length != body->length)
		return "header has the wrong length for its type";
	memcpy(item->raw, bytes, body->length);
	if (body->mask_at >= 0)
		memcpy(&item->mask, bytes + body->mask_at, sizeof(item->mask));
	return body->check(file, item);
}

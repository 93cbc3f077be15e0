/* SPDX-License-Identifier: MIT */
/*
 * A plan as the bytes of an IGVM file. Order is measurement: parameter areas
 * come first and the VMSA last, because loaders that batch pages submit areas
 * and VMSAs at once (spec/igvm.md section 3.1).
 */
#include "tools/igvmbuild/emit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/igvm_write.h"
#include "model/vmsa.h"
#include "tools/common/image.h"
#include "tools/common/say.h"
#include "tools/igvmbuild/cpuid.h"
#include "tools/igvmbuild/vmsa.h"

#define MASK_SNP     1u
/* An SVSM above a guest is what the format calls VTL2. */
#define SVSM_VTL     2u
/* Enough for every header used here, see lib/igvm_write.h. */
#define HEADER_ROOM  64u
/* Headers beside those of pages: platform, policy, areas, usage, VMSA. */
#define HEADER_EXTRA (16u + 4u * PLAN_PARTS_MAX)

struct buffers {
	uint8_t *headers, *data;
	size_t header_size, data_size;
};

static uint64_t page_count(const struct plan *plan)
{
	uint64_t n = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->parts[i].kind != PLAN_REQUIRED)
			n += plan->parts[i].at.size / PAGE_4K;
	return n;
}

static bool buffers_make(const struct plan *plan, struct buffers *b)
{
	uint64_t n = page_count(plan);

	b->header_size = (n + HEADER_EXTRA) * HEADER_ROOM;
	b->data_size = (n + 1) * PAGE_4K;
	b->headers = malloc(b->header_size);
	b->data = malloc(b->data_size);
	return b->headers && b->data;
}

static void emit_areas(struct igvm_writer *w, const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->parts[i].kind == PLAN_AREA)
			igvm_write_area(w, plan->parts[i].area,
					plan->parts[i].at.size, 0);
	igvm_write_usage(w, IGVM_VHT_VP_COUNT, PLAN_AREA_GENERAL,
			 offsetof(struct params_general, vp_count));
	igvm_write_usage(w, IGVM_VHT_ENVIRONMENT_INFO, PLAN_AREA_GENERAL,
			 offsetof(struct params_general, environment));
	igvm_write_usage(w, IGVM_VHT_MEMORY_MAP, PLAN_AREA_MAP, 0);
	igvm_write_usage(w, IGVM_VHT_MADT, PLAN_AREA_MADT, 0);
	if (plan->params.srat.size) {
		igvm_write_usage(w, IGVM_VHT_SRAT, PLAN_AREA_SRAT, 0);
		igvm_write_usage(w, IGVM_VHT_SLIT, PLAN_AREA_SLIT, 0);
	}
	for (size_t i = 0; i < plan->count; i++)
		if (plan->parts[i].kind == PLAN_AREA)
			igvm_write_insert(w, MASK_SNP,
					  plan->parts[i].at.start.v,
					  plan->parts[i].area);
}

static void emit_required(struct igvm_writer *w, const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->parts[i].kind == PLAN_REQUIRED)
			igvm_write_required(w, MASK_SNP,
					    plan->parts[i].at.start.v,
					    (uint32_t)plan->parts[i].at.size);
}

/* A page of zeroes needs no data: it is measured the same. */
static void emit_page(struct igvm_writer *w, const struct plan_part *part,
		      uint64_t offset)
{
	uint64_t left = offset < part->byte_count ? part->byte_count - offset
						  : 0;
	size_t size = left < PAGE_4K ? (size_t)left : PAGE_4K;
	uint32_t data = 0;

	if (part->bytes && !bytes_are_zero(part->bytes + offset, size))
		data = igvm_write_data(w, part->bytes + offset, size, PAGE_4K);
	igvm_write_page(w, MASK_SNP, part->at.start.v + offset,
			IGVM_PAGE_TYPE_NORMAL,
			part->kind == PLAN_SHARED ? IGVM_PAGE_SHARED : 0, data);
}

static void emit_part(struct igvm_writer *w, const struct plan_part *part)
{
	struct snp_cpuid_page cpuid;

	switch (part->kind) {
	case PLAN_PAGES:
	case PLAN_SHARED:
		for (uint64_t at = 0; at < part->at.size; at += PAGE_4K)
			emit_page(w, part, at);
		break;
	case PLAN_CPUID:
		cpuid_template(&cpuid);
		igvm_write_page(w, MASK_SNP, part->at.start.v,
				IGVM_PAGE_TYPE_CPUID_DATA, 0,
				igvm_write_data(w, &cpuid, sizeof(cpuid),
						PAGE_4K));
		break;
	case PLAN_SECRETS:
		igvm_write_page(w, MASK_SNP, part->at.start.v,
				IGVM_PAGE_TYPE_SECRETS, 0, 0);
		break;
	case PLAN_AREA:
	case PLAN_REQUIRED:
		break;
	}
}

/* What the boot processor starts with: ours, or that of a power-on. */
static void emit_vmsa(struct igvm_writer *w, const struct plan *plan,
		      uint64_t sev_features)
{
	struct vmsa vmsa;

	if (plan->alone)
		vmsa_reset_boot(&vmsa, 0, sev_features, 0, true);
	else
		vmsa_boot(plan->entry, plan->params_at, sev_features, &vmsa);
	igvm_write_vp_context(w, MASK_SNP, VMSA_BOOT_GPA, 0,
			      igvm_write_data(w, &vmsa, sizeof(vmsa), PAGE_4K));
}

static void emit_all(struct igvm_writer *w, const struct plan *plan,
		     const struct emit_options *options)
{
	bool levels = plan->params.guest_vmpl != 0;

	igvm_write_platform(w, MASK_SNP, IGVM_PLATFORM_SEV_SNP,
			    levels ? SVSM_VTL : 0, 0);
	igvm_write_policy(w, MASK_SNP, options->policy);
	if (!plan->alone)
		emit_areas(w, plan);
	emit_required(w, plan);
	for (size_t i = 0; i < plan->count; i++)
		emit_part(w, &plan->parts[i]);
	emit_vmsa(w, plan, options->sev_features);
}

static enum err finish(const struct igvm_writer *w, struct file_bytes *file)
{
	uint64_t size = igvm_write_size(w), written;
	struct igvm_file igvm;
	enum err e;

	if (size > FILE_SIZE_MAX) {
		say_error("the image would be larger than 4 GiB");
		return ERR_RANGE;
	}
	file->bytes = malloc(size);
	if (!file->bytes) {
		say_error("out of memory");
		return ERR_NOMEM;
	}
	e = igvm_write_finish(w, file->bytes, size, &written);
	if (e != OK) {
		say_error("the image could not be written (error %d)", e);
		return e;
	}
	file->size = written;
	/* What every loader will check, checked here first. */
	return image_check("the image made", file->bytes, file->size, &igvm);
}

enum err emit_igvm(const struct plan *plan, const struct emit_options *options,
		   struct file_bytes *file)
{
	struct buffers b = { NULL, NULL, 0, 0 };
	struct file_bytes made = { NULL, 0 };
	struct igvm_writer w;
	enum err e = ERR_NOMEM;

	if (buffers_make(plan, &b)) {
		igvm_write_init(&w, options->format_version, b.headers,
				b.header_size, b.data, b.data_size);
		emit_all(&w, plan, options);
		e = finish(&w, &made);
	} else {
		say_error("out of memory");
	}
	free(b.headers);
	free(b.data);
	if (e == OK)
		*file = made;
	else
		file_free(&made);
	return e;
}

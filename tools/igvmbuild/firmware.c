/* SPDX-License-Identifier: MIT */
/* From the records of an OVMF image to the pages that it wants at its start. */
#include "tools/igvmbuild/firmware.h"

#include <inttypes.h>

#include "tools/common/say.h"

/* Of the tables behind the values in the parameter area. */
#define TABLES_PLACE_ALIGN 16u

static enum err wrong(const char *path, const char *what)
{
	say_error("%s: %s", path, what);
	return ERR_FORMAT;
}

/* One page, or none where @absent is NULL. */
static enum err page_find(const char *path, const struct ovmf_image *image,
			  uint32_t type, const char *absent, uint64_t *out)
{
	struct ovmf_record r;
	enum err e = ovmf_find(&image->sev, type, &r);

	*out = 0;
	if (e == ERR_ABSENT)
		return absent ? wrong(path, absent) : OK;
	if (e != OK)
		return wrong(path, "a page is asked for twice");
	if (r.size != PAGE_4K || !addr_aligned(r.start, PAGE_4K) || !r.start)
		return wrong(path, "a page that it asks for is none");
	*out = r.start;
	return OK;
}

/* A part of the IGVM parameter area, by the record that names it. */
static enum err usage_find(const char *path, const struct ovmf_image *image,
			   uint32_t type, struct params_range *out)
{
	struct ovmf_record area, r;
	enum err e = ovmf_find(&image->igvm, type, &r);

	*out = (struct params_range){ 0, 0 };
	if (e == ERR_ABSENT)
		return OK;
	/* ovmf_open made sure that there is an area around each record. */
	if (e != OK || ovmf_find(&image->igvm, OVMF_IGVM_AREA, &area) != OK)
		return wrong(path, "its IGVM metadata names a value twice");
	*out = (struct params_range){ (uint64_t)area.start + r.start, r.size };
	return OK;
}

static uint64_t range_end(struct params_range r)
{
	return r.start + r.size;
}

/* The rest of the parameter area's page behind the values that it has. */
static void tables_find(const struct ovmf_image *image,
			struct params_firmware *p)
{
	uint64_t end = range_end(p->memory_map), stop;
	struct ovmf_record area;

	if (!end || ovmf_find(&image->igvm, OVMF_IGVM_AREA, &area) != OK)
		return;
	if (range_end(p->vp_count) > end)
		end = range_end(p->vp_count);
	end = addr_up(end, TABLES_PLACE_ALIGN);
	stop = addr_up(p->memory_map.start + 1, PAGE_4K);
	if (stop > (uint64_t)area.start + area.size)
		stop = (uint64_t)area.start + area.size;
	if (end < stop)
		p->tables = (struct params_range){ end, stop - end };
}

static enum err pages_find(const char *path, bool under_svsm,
			   struct firmware *fw)
{
	struct params_firmware *p = &fw->params;
	enum err e = page_find(path, &fw->image, OVMF_SEV_SECRETS,
			       "its SEV metadata names no secrets page",
			       &p->secrets);

	if (e == OK)
		e = page_find(path, &fw->image, OVMF_SEV_CPUID,
			      "its SEV metadata names no CPUID page",
			      &p->cpuid);
	if (e == OK)
		e = page_find(path, &fw->image, OVMF_SEV_SVSM_CAA,
			      under_svsm ? "its SEV metadata names no calling "
					   "area: it knows of no SVSM"
					 : NULL,
			      &p->caa);
	if (e == OK)
		e = usage_find(path, &fw->image, OVMF_IGVM_MEMORY_MAP,
			       &p->memory_map);
	if (e == OK)
		e = usage_find(path, &fw->image, OVMF_IGVM_VP_COUNT,
			       &p->vp_count);
	if (e == OK)
		tables_find(&fw->image, p);
	return e;
}

/* Joins a range with those that it touches or overlaps; the rest stays. */
static enum err range_add(const char *path, struct params_firmware *p,
			  uint64_t start, uint64_t size)
{
	uint64_t end = start + size;
	uint32_t kept = 0, at;

	for (uint32_t i = 0; i < p->range_count; i++) {
		struct params_range r = p->range[i];

		if (r.start > end || r.start + r.size < start) {
			p->range[kept++] = r;
			continue;
		}
		start = r.start < start ? r.start : start;
		end = r.start + r.size > end ? r.start + r.size : end;
	}
	p->range_count = kept;
	if (kept == PARAMS_MAX_FIRMWARE_RANGES)
		return wrong(path, "it wants memory in too many places");
	for (at = kept; at && p->range[at - 1].start > start; at--)
		p->range[at] = p->range[at - 1];
	p->range[at] = (struct params_range){ start, end - start };
	p->range_count++;
	return OK;
}

static enum err records_add(const char *path, const struct ovmf_records *from,
			    bool (*wanted)(uint32_t type),
			    struct params_firmware *p)
{
	enum err e = OK;

	for (uint32_t i = 0; i < from->count && e == OK; i++) {
		const struct ovmf_record *r = &from->at[i];

		if (!r->size || !wanted(r->type))
			continue;
		if (!addr_aligned(r->start | r->size, PAGE_4K))
			return wrong(path, "it wants parts of pages");
		e = range_add(path, p, r->start, r->size);
	}
	return e;
}

static bool sev_wanted(uint32_t type)
{
	return (type >= OVMF_SEV_MEMORY && type <= OVMF_SEV_SVSM_CAA) ||
	       type == OVMF_SEV_KERNEL_HASHES;
}

static bool igvm_wanted(uint32_t type)
{
	return type == OVMF_IGVM_AREA || type == OVMF_IGVM_HOBS;
}

static enum err ranges_find(const char *path, struct firmware *fw)
{
	struct params_firmware *p = &fw->params;
	enum err e = records_add(path, &fw->image.sev, sev_wanted, p);

	if (e == OK)
		e = records_add(path, &fw->image.igvm, igvm_wanted, p);
	if (e != OK)
		return e;
	for (uint32_t i = 0; i < p->range_count; i++)
		if (p->range[i].start + p->range[i].size >
		    fw->image.flash.start.v)
			return wrong(path, "it wants memory where it lies");
	return OK;
}

/* What fills one page must not spoil another. */
static enum err pages_check(const char *path, const struct params_firmware *p)
{
	uint64_t pages[] = { p->secrets, p->cpuid, p->caa,
			     addr_down(p->memory_map.start, PAGE_4K) };

	for (unsigned int i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		for (unsigned int k = 0; k < i; k++)
			if (pages[i] && pages[i] == pages[k])
				return wrong(path, "it wants two things in one "
						   "page");
	return OK;
}

/* The TDX metadata alone says where the variables are. */
static enum err variables_find(const char *path, struct firmware *fw)
{
	uint64_t start = fw->image.flash.start.v;

	for (uint32_t i = 0; i < fw->image.tdx_count; i++) {
		const struct ovmf_tdx_record *r = &fw->image.tdx[i];

		/* An image of code alone names variables before its start. */
		if (r->type != OVMF_TDX_VARIABLES || r->address < start)
			continue;
		if (r->address != start || !addr_aligned(r->size, PAGE_4K) ||
		    r->size >= fw->image.flash.size)
			return wrong(path,
				     "its variables are not at its start");
		fw->variables_size = r->size;
	}
	return OK;
}

static enum err flash_find(const char *path, struct firmware *fw)
{
	enum err e = variables_find(path, fw);

	fw->params.flash = (struct params_range){
		fw->image.flash.start.v + fw->variables_size,
		fw->image.flash.size - fw->variables_size
	};
	return e;
}

enum err firmware_parse(const char *path, const struct file_bytes *file,
			bool under_svsm, struct firmware *out)
{
	const char *why;
	enum err e;

	*out = (struct firmware){ .bytes = file->bytes };
	e = ovmf_open(&out->image, file->bytes, file->size, &why);
	if (e != OK)
		return wrong(path, why);
	if (!out->image.sev.present)
		return wrong(path, "it has no SEV metadata: not for SEV-SNP");
	e = flash_find(path, out);
	if (e == OK)
		e = pages_find(path, under_svsm, out);
	if (e == OK)
		e = pages_check(path, &out->params);
	if (e == OK)
		e = ranges_find(path, out);
	if (e != OK)
		return e;
	/* Such firmware takes its memory from fw_cfg, where the host says what
	 * it likes, and would claim the SVSM's own pages. */
	if (under_svsm && !out->params.memory_map.size)
		return wrong(path,
			     "its IGVM metadata has no place for a memory "
			     "map: it would claim the SVSM's memory");
	return OK;
}

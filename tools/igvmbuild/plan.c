/* SPDX-License-Identifier: MIT */
/* What lies where in guest memory at launch. */
#include "tools/igvmbuild/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "abi/acpi.h"
#include "tools/common/say.h"

/* Linux wants its initrd below 2 GiB unless it says more; page tables of the
 * direct launch end at 4 GiB. */
#define IDENTITY_LIMIT (4ull << 30)
#define MAP_AREA_PAGES 2u
/* Room for the I/O APIC and interrupt records of the host's MADT. */
#define MADT_SLACK     256u
/* Ranges of memory in an SRAT: SRAT_RANGES_MAX of the kernel, and ours may
 * split one. */
#define SRAT_RANGES    65u
/* ACPI_ROOT_MAX of the kernel's and the three that it makes; for alignment. */
#define ROOT_ENTRIES   259u
#define TABLES_GAPS    32u

static enum err no_room(const char *what, const char *why)
{
	say_error("%s: %s", what, why);
	return ERR_RANGE;
}

/* Adds one part at an address; the one place where ranges are made. */
static enum err put(struct plan *plan, struct plan_part part, uint64_t start,
		    uint64_t size)
{
	if (plan->count == PLAN_PARTS_MAX) {
		say_error("%s: too many separate parts", part.what);
		return ERR_NOMEM;
	}
	if (!addr_aligned(start, PAGE_4K) ||
	    pa_range_make(start, addr_up(size, PAGE_4K), &part.at) != OK)
		return no_room(part.what, "impossible address");
	if (part.at.size)
		plan->parts[plan->count++] = part;
	return OK;
}

static struct plan_part pages(const char *what, const uint8_t *bytes,
			      uint64_t count)
{
	return (struct plan_part){ .what = what,
				   .kind = PLAN_PAGES,
				   .bytes = bytes,
				   .byte_count = count };
}

static struct plan_part bare(const char *what, enum plan_kind kind)
{
	return (struct plan_part){ .what = what, .kind = kind };
}

/* A run of the program's pages that are all loaded, or all bss. */
static uint64_t run_length(const struct program *program, uint64_t first)
{
	uint64_t last = first + 1;

	while (last < program->size / PAGE_4K &&
	       program->loaded[last] == program->loaded[first])
		last++;
	return last - first;
}

/* bss: what becomes of pages that the file does not fill. */
static enum err put_program(struct plan *plan, const struct program *program,
			    const char *what, struct plan_part bss)
{
	uint64_t total = program->size / PAGE_4K;
	enum err e = OK;

	for (uint64_t p = 0, n; p < total && e == OK; p += n) {
		uint64_t at = p * PAGE_4K;

		n = run_length(program, p);
		if (program->loaded[p])
			e = put(plan,
				pages(what, program->bytes + at, n * PAGE_4K),
				program->base + at, n * PAGE_4K);
		else
			e = put(plan, bss, program->base + at, n * PAGE_4K);
	}
	return e;
}

static uint64_t madt_size(uint64_t processors)
{
	return sizeof(struct acpi_madt) + MADT_SLACK +
	       processors * sizeof(struct madt_x2apic);
}

/* 0 where no nodes are wanted: loaders may know of no such record. */
static uint64_t srat_size(const struct plan_input *in)
{
	if (in->nodes_max < 2)
		return 0;
	return sizeof(struct acpi_srat) +
	       in->cpus_max * sizeof(struct srat_x2apic) +
	       SRAT_RANGES * sizeof(struct srat_memory);
}

static uint64_t slit_size(const struct plan_input *in)
{
	uint64_t n = in->nodes_max;

	return n < 2 ? 0 : sizeof(struct acpi_slit) + n * n;
}

/* What the SVSM makes of these three, and its root table. */
static uint64_t acpi_size(const struct plan_input *in)
{
	return sizeof(struct acpi_header) + ROOT_ENTRIES * sizeof(uint64_t) +
	       TABLES_GAPS + madt_size(in->cpus_max) + srat_size(in) +
	       slit_size(in);
}

/* The pages after the program, up to image_size, in ascending order. */
static enum err put_launch_pages(struct plan *plan, const struct plan_input *in,
				 uint64_t at, uint64_t *end)
{
	struct params *p = &plan->params;
	uint32_t records = in->cpu_records > in->cpus_max ? in->cpu_records
							  : in->cpus_max;
	const struct {
		const char *what;
		enum plan_area area;
		struct params_range *range;
		uint64_t size;
	} areas[] = {
		{ "general area", PLAN_AREA_GENERAL, &p->general, PAGE_4K },
		{ "memory map", PLAN_AREA_MAP, &p->memory_map,
		  MAP_AREA_PAGES * PAGE_4K },
		{ "MADT", PLAN_AREA_MADT, &p->madt, madt_size(records) },
		{ "SRAT", PLAN_AREA_SRAT, &p->srat, srat_size(in) },
		{ "SLIT", PLAN_AREA_SLIT, &p->slit, slit_size(in) },
	};
	enum err e;

	plan->params_at = at;
	e = put(plan, pages("params", (const uint8_t *)p, sizeof(*p)), at,
		PAGE_4K);
	at += PAGE_4K;
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
		struct plan_part part = bare(areas[i].what, PLAN_AREA);
		uint64_t size = addr_up(areas[i].size, PAGE_4K);

		if (!size)
			continue;
		part.area = areas[i].area;
		*areas[i].range = (struct params_range){ at, size };
		if (e == OK)
			e = put(plan, part, at, size);
		at += size;
	}
	p->cpuid_page = at;
	if (e == OK)
		e = put(plan, bare("CPUID page", PLAN_CPUID), at, PAGE_4K);
	p->secrets_page = at + PAGE_4K;
	if (e == OK)
		e = put(plan, bare("secrets page", PLAN_SECRETS),
			p->secrets_page, PAGE_4K);
	*end = at + 2 * PAGE_4K;
	return e;
}

/* Behind the image: it may be larger than the 2 MiB that the kernel maps. */
static enum err put_services(struct plan *plan, const struct plan_input *in,
			     uint64_t *end)
{
	struct params *p = &plan->params;
	uint64_t at = *end;

	if (!in->services)
		return OK;
	p->services = (struct params_range){ at, in->services_size };
	p->services_memory = in->services_memory;
	*end = at + addr_up(in->services_size, PAGE_4K);
	return put(plan, pages("services", in->services, in->services_size), at,
		   in->services_size);
}

static enum err put_svsm(struct plan *plan, const struct plan_input *in)
{
	const struct program *svsm = in->svsm;
	struct params *p = &plan->params;
	uint64_t end;
	enum err e;

	p->svsm_base = svsm->base;
	p->svsm_min_size = in->svsm_min;
	p->svsm_max_size = in->svsm_max;
	p->required_size = in->required;
	plan->entry = svsm->entry;
	e = put_program(plan, svsm, "SVSM", bare("SVSM bss", PLAN_REQUIRED));
	if (e == OK)
		e = put_launch_pages(plan, in, svsm->base + svsm->size, &end);
	if (e != OK)
		return e;
	p->image_size = end - svsm->base;
	e = put_services(plan, in, &end);
	if (e != OK)
		return e;
	if (end - svsm->base > in->svsm_max ||
	    in->required > in->svsm_max - (end - svsm->base))
		return no_room("SVSM", "larger than its carve-out "
				       "(see --svsm-max)");
	/* 32-bit code starts it, and Linux looks for it below 4 GiB. */
	if (svsm->base > IDENTITY_LIMIT ||
	    in->svsm_max > IDENTITY_LIMIT - svsm->base)
		return no_room("SVSM", "carve-out ends above 4 GiB");
	return put(plan, bare("SVSM memory", PLAN_REQUIRED), end, in->required);
}

static enum err put_cmdline(struct plan *plan, const struct plan_input *in)
{
	struct params_range *range = &plan->params.guest.cmdline;
	uint64_t max = PLAN_CMDLINE_MAX, size;

	if (!in->cmdline)
		return OK;
	if (in->kernel && in->kernel->cmdline_max < max)
		max = in->kernel->cmdline_max + 1;
	size = strlen(in->cmdline) + 1;
	if (size > max)
		return no_room("command line", "too long for this guest");
	*range = (struct params_range){ PLAN_CMDLINE, size };
	return put(plan,
		   pages("command line", (const uint8_t *)in->cmdline, size),
		   PLAN_CMDLINE, size);
}

static enum err put_linux(struct plan *plan, const struct plan_input *in)
{
	struct params_guest *g = &plan->params.guest;
	const struct bzimage *k = in->kernel;
	enum err e;

	g->entry = k->entry;
	g->kernel = (struct params_range){ k->load, k->code_size };
	g->kernel_init_size = k->init_size;
	g->setup = (struct params_range){ PLAN_SETUP, PAGE_4K };
	e = put(plan, pages("kernel setup", k->setup, PAGE_4K), PLAN_SETUP,
		PAGE_4K);
	if (e == OK)
		e = put(plan, pages("kernel", k->code, k->code_size), k->load,
			k->code_size);
	g->acpi = (struct params_range){ PLAN_ACPI,
					 addr_up(acpi_size(in), PAGE_4K) };
	if (e == OK)
		e = put(plan, pages("ACPI tables", NULL, 0), g->acpi.start,
			g->acpi.size);
	return e;
}

/* A test guest gets its bss as measured zero pages: it is validated then. */
static enum err put_guest_program(struct plan *plan,
				  const struct program *guest)
{
	struct params_guest *g = &plan->params.guest;

	g->entry = guest->entry;
	g->kernel = (struct params_range){ guest->base, guest->size };
	g->kernel_init_size = guest->size;
	return put_program(plan, guest, "guest", pages("guest bss", NULL, 0));
}

/* The SVSM accepts its other memory; nothing of that is in the file. */
static enum err put_firmware(struct plan *plan, const struct firmware *fw)
{
	const struct params_range *flash = &fw->params.flash;
	uint64_t size = fw->variables_size;
	struct plan_part variables = pages("variables", fw->bytes, size);

	plan->params.firmware = fw->params;
	variables.kind = PLAN_SHARED;
	if (put(plan, variables, fw->image.flash.start.v, size) != OK)
		return ERR_RANGE;
	return put(plan, pages("firmware", fw->bytes + size, flash->size),
		   flash->start, flash->size);
}

/*
 * Without an SVSM the launch gives it what it asks for: memory as measured
 * zeroes, its secrets and CPUID pages from the security processor.
 */
static enum err put_firmware_memory(struct plan *plan,
				    const struct params_firmware *p)
{
	const uint64_t at[] = { p->secrets < p->cpuid ? p->secrets : p->cpuid,
				p->secrets < p->cpuid ? p->cpuid : p->secrets };
	enum err e = OK;

	for (uint32_t i = 0; i < p->range_count && e == OK; i++) {
		uint64_t start = p->range[i].start;
		uint64_t end = start + p->range[i].size;

		for (unsigned int k = 0; k < 2 && e == OK; k++) {
			if (at[k] < start || at[k] >= end)
				continue;
			e = put(plan, pages("firmware memory", NULL, 0), start,
				at[k] - start);
			start = at[k] + PAGE_4K;
		}
		if (e == OK)
			e = put(plan, pages("firmware memory", NULL, 0), start,
				end - start);
	}
	if (e == OK)
		e = put(plan, bare("secrets page", PLAN_SECRETS), p->secrets,
			PAGE_4K);
	return e == OK ? put(plan, bare("CPUID page", PLAN_CPUID), p->cpuid,
			     PAGE_4K)
		       : e;
}

/* Below the SVSM if it fits behind the kernel, else above it. */
static enum err put_initrd(struct plan *plan, const struct plan_input *in)
{
	struct params *p = &plan->params;
	struct params_guest *g = &p->guest;
	uint64_t top = p->svsm_base + p->svsm_max_size;
	uint64_t limit = IDENTITY_LIMIT - 1, at;

	if (!in->initrd)
		return OK;
	if (in->kernel && in->kernel->initrd_max < limit)
		limit = in->kernel->initrd_max;
	at = addr_up(g->kernel.start + g->kernel_init_size, PAGE_2M);
	if (at < top && (at > p->svsm_base ||
			 addr_up(in->initrd_size, PAGE_4K) > p->svsm_base - at))
		at = addr_up(top, PAGE_2M);
	if (at > limit || in->initrd_size - 1 > limit - at)
		return no_room("initrd", "no room below the guest's limit");
	g->initrd = (struct params_range){ at, in->initrd_size };
	return put(plan, pages("initrd", in->initrd, in->initrd_size), at,
		   in->initrd_size);
}

/* Guest memory must keep away from the SVSM's whole carve-out, used or not,
 * and the kernel's init_size from all other parts. */
static enum err guest_check(const struct plan *plan, size_t first)
{
	const struct params *p = &plan->params;
	const struct params_guest *g = &p->guest;
	struct pa_range svsm = { { p->svsm_base }, p->svsm_max_size };
	struct pa_range init = { { g->kernel.start }, g->kernel_init_size };
	/* Its own pages alone may lie there: it clears what it finds behind
	 * them, which is not for parts that happen to fit in whole. */
	struct pa_range own = { init.start, addr_up(g->kernel.size, PAGE_4K) };

	if (pa_range_overlap(init, svsm))
		return no_room("kernel", "the memory it needs while starting "
					 "overlaps the SVSM");
	for (size_t i = first; i < plan->count; i++) {
		struct pa_range at = plan->parts[i].at;

		if (pa_range_overlap(at, svsm))
			return no_room(plan->parts[i].what,
				       "overlaps the SVSM");
		if (pa_range_overlap(at, init) && !pa_range_has(own, at))
			return no_room(plan->parts[i].what,
				       "overlaps the guest kernel's memory");
	}
	for (uint32_t i = 0; i < p->firmware.range_count; i++) {
		const struct params_range *r = &p->firmware.range[i];

		if (pa_range_overlap((struct pa_range){ { r->start }, r->size },
				     svsm))
			return no_room("firmware memory", "overlaps the SVSM");
	}
	return OK;
}

static enum err overlap_check(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		for (size_t k = 0; k < i; k++)
			if (pa_range_overlap(plan->parts[i].at,
					     plan->parts[k].at)) {
				say_error("%s: overlaps %s at 0x%" PRIx64,
					  plan->parts[i].what,
					  plan->parts[k].what,
					  plan->parts[i].at.start.v);
				return ERR_RANGE;
			}
	return OK;
}

static void parts_sort(struct plan_part *parts, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct plan_part part = parts[i];
		size_t k = i;

		for (; k && parts[k - 1].at.start.v > part.at.start.v; k--)
			parts[k] = parts[k - 1];
		parts[k] = part;
	}
}

/* params.range[]: the guest's parts, sorted, neighbours joined. */
static enum err ranges_fill(struct plan *plan, size_t first)
{
	struct params *p = &plan->params;

	for (size_t i = first; i < plan->count; i++) {
		struct pa_range at = plan->parts[i].at;
		struct params_range *last =
			p->range_count ? &p->range[p->range_count - 1] : NULL;

		if (plan->parts[i].kind == PLAN_SHARED)
			continue; /* the host's */
		if (last && last->start + last->size == at.start.v) {
			last->size += at.size;
			continue;
		}
		if (p->range_count == PARAMS_MAX_RANGES)
			return no_room(plan->parts[i].what,
				       "guest is in too many pieces");
		p->range[p->range_count++] =
			(struct params_range){ at.start.v, at.size };
	}
	return OK;
}

static enum err put_guest(struct plan *plan, const struct plan_input *in)
{
	enum err e;

	if (in->firmware)
		return put_firmware(plan, in->firmware);
	plan->params.guest.launch_area = PLAN_LAUNCH_AREA;
	e = put(plan, pages("launch area", NULL, 0), PLAN_LAUNCH_AREA,
		PARAMS_LAUNCH_PAGES * PAGE_4K);
	if (e == OK)
		e = put_cmdline(plan, in);
	if (e == OK)
		e = in->kernel ? put_linux(plan, in)
			       : put_guest_program(plan, in->guest);
	return e == OK ? put_initrd(plan, in) : e;
}

static enum err plan_firmware_alone(const struct plan_input *in,
				    struct plan *out)
{
	enum err e = put_firmware(out, in->firmware);

	out->alone = true;
	if (e == OK)
		e = put_firmware_memory(out, &in->firmware->params);
	if (e != OK)
		return e;
	parts_sort(out->parts, out->count);
	return overlap_check(out);
}

enum err plan_make(const struct plan_input *in, struct plan *out)
{
	size_t first;
	enum err e;

	*out = (struct plan){ .params = { .magic = PARAMS_MAGIC,
					  .version = PARAMS_VERSION,
					  .flags = in->flags,
					  .cpus_max = in->cpus_max,
					  .nodes_max = in->nodes_max,
					  .memory_min = in->memory_min,
					  .memory_max = in->memory_max,
					  .guest_vmpl = in->vmpl,
					  .sev_features = in->sev_features } };
	if (!in->svsm)
		return plan_firmware_alone(in, out);
	e = put_svsm(out, in);
	first = out->count;
	if (e == OK)
		e = put_guest(out, in);
	if (e != OK)
		return e;
	parts_sort(out->parts, first);
	parts_sort(out->parts + first, out->count - first);
	e = guest_check(out, first);
	if (e == OK)
		e = overlap_check(out);
	return e == OK ? ranges_fill(out, first) : e;
}

void plan_print(const struct plan *plan)
{
	static const char *const kinds[] = {
		[PLAN_PAGES] = "measured",   [PLAN_SHARED] = "shared",
		[PLAN_AREA] = "from loader", [PLAN_CPUID] = "CPUID",
		[PLAN_SECRETS] = "secrets",  [PLAN_REQUIRED] = "not loaded",
	};

	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_part *p = &plan->parts[i];

		printf("%012" PRIx64 "..%012" PRIx64 " %6llu pages  %-11s %s\n",
		       p->at.start.v, pa_range_end(p->at) - 1,
		       p->at.size / PAGE_4K, kinds[p->kind], p->what);
	}
}

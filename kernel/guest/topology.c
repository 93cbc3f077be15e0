/* SPDX-License-Identifier: MIT */
/* The host's tables, judged one by one and then against each other. */
#include "kernel/guest/topology.h"

#include "kernel/base/once.h"
#include "kernel/base/panic.h"
#include "kernel/dev/madt.h"
#include "kernel/dev/slit.h"
#include "kernel/dev/srat.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/kmap.h"

sealed static struct {
	uint32_t *ids;
	struct srat *srat;		      /* NULL: no nodes */
	const void *madt, *srat_bytes, *slit; /* NULL: not given */
	struct srat_rules rules;
} told;

/* An area that the host left empty begins with zeroes. */
static const void *given(const struct params_range *area)
{
	const void *bytes = kmap_image((struct pa){ area->start });
	uint32_t first;

	if (area->size < sizeof(struct acpi_header))
		return NULL;
	memcpy(&first, bytes, sizeof(first));
	return first ? bytes : NULL;
}

static _Noreturn void refused(const char *table, const struct acpi_words *why)
{
	panic_refused("host's %s: %s", table, why->text);
}

/* The others stay in ascending order: vcpu_find counts on it. */
static void own_first(uint32_t *ids, uint32_t count, uint32_t own)
{
	uint32_t at = 0;

	while (at < count && ids[at] != own)
		at++;
	if (at == count)
		panic_refused("host's MADT: the boot CPU, APIC id %u, is not "
			      "in it",
			      own);
	for (; at > 0; at--)
		ids[at] = ids[at - 1];
	ids[0] = own;
}

/* Memory was sized for the number that the host gave first. */
static void count_check(const struct params *params, uint32_t count)
{
	const struct params_general *general =
		kmap_image((struct pa){ params->general.start });

	if (params->general.size && general->vp_count &&
	    count > general->vp_count)
		panic_refused("host's MADT: %u CPUs, but the host counts %u",
			      count, general->vp_count);
}

static void cpus_read(const struct params *params, uint32_t own)
{
	struct acpi_words why;
	uint32_t count = 1;

	if (!params->cpus_max || params->cpus_max > CPU_AREA_MAX)
		panic("the image allows %u CPUs", params->cpus_max);
	if (heap_pages(params->cpus_max * sizeof(*told.ids),
		       (void **)&told.ids) != OK)
		panic_memory("the CPU list");
	told.ids[0] = own;
	told.madt = params->madt.size
			    ? kmap_image((struct pa){ params->madt.start })
			    : NULL;
	if (told.madt && (madt_cpus(told.madt, params->madt.size, told.ids,
				    params->cpus_max, &count, &why) != OK ||
			  madt_devices_check(told.madt, &why) != OK))
		refused("MADT", &why);
	own_first(told.ids, count, own);
	count_check(params, count);
	told.rules.ids = told.ids;
	told.rules.cpus = count;
}

static void nodes_read(const struct params *params)
{
	struct acpi_words why;

	told.srat_bytes = given(&params->srat);
	told.slit = given(&params->slit);
	if (!told.srat_bytes) {
		if (told.slit)
			panic_refused("host's SLIT: there is no SRAT to it");
		return;
	}
	if (params->nodes_max > SRAT_NODES_MAX)
		panic("the image allows %u nodes", params->nodes_max);
	if (heap_pages(sizeof(*told.srat), (void **)&told.srat) != OK)
		panic_memory("the list of nodes");
	if (srat_read(told.srat_bytes, params->srat.size, &told.rules,
		      told.srat, &why) != OK)
		refused("SRAT", &why);
	if (told.slit &&
	    slit_check(told.slit, params->slit.size, told.srat->nodes,
		       params->nodes_max, &why) != OK)
		refused("SLIT", &why);
}

void topology_init(const struct params *params, uint32_t own, uint64_t limit)
{
	cpus_read(params, own);
	told.rules.nodes_max = params->nodes_max;
	told.rules.limit = limit;
	told.srat = NULL;
	if (params->nodes_max > 1)
		nodes_read(params);
}

uint32_t topology_cpus(const uint32_t **ids)
{
	*ids = told.ids;
	return told.rules.cpus;
}

static bool table_write(unsigned int n, struct cursor_out *out)
{
	switch (n) {
	case 0:
		return madt_copy(told.madt, out);
	case 1:
		return srat_write(told.srat_bytes, &told.rules, told.srat, out);
	default:
		ASSERT(told.srat);
		return slit_write(told.slit, told.srat->nodes, out);
	}
}

enum err topology_write(struct cursor_out *out, size_t offsets[TOPOLOGY_TABLES],
			unsigned int *count)
{
	const void *const tables[TOPOLOGY_TABLES] = {
		told.madt,
		told.srat ? told.srat_bytes : NULL,
		told.srat ? told.slit : NULL,
	};

	*count = 0;
	for (unsigned int i = 0; i < TOPOLOGY_TABLES; i++) {
		if (!tables[i])
			continue;
		cursor_out_align(out, TOPOLOGY_ALIGN);
		offsets[(*count)++] = cursor_out_offset(out);
		if (!table_write(i, out))
			return ERR_RANGE;
	}
	return *count ? OK : ERR_ABSENT;
}

/* SPDX-License-Identifier: MIT */
/* Reads the host's SRAT, writes the guest's. */
#include "kernel/dev/srat.h"

#include "abi/igvm.h"
#include "kernel/mm/memmap.h"

#define CPU_NONE    (~0u)
#define CPU_WORDS   (CPU_AREA_MAX / 64)
#define SMALL_ID    255u /* from here on a byte does not hold it */
#define MIB	    0x100000ull
#define U64(number) (unsigned long long)(number)

/* Its place in the rules' list. */
static uint32_t cpu_find(const struct srat_rules *rules, uint32_t id)
{
	uint32_t low = 1, high = rules->cpus;

	if (rules->ids[0] == id)
		return 0;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (rules->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rules->cpus && rules->ids[low] == id ? low : CPU_NONE;
}

/* A processor's record that is enabled: its id and node. */
static bool record_cpu(const struct acpi_record *r, uint32_t *id,
		       uint32_t *node)
{
	struct srat_lapic small;
	struct srat_x2apic big;

	if (r->type == SRAT_LAPIC) {
		memcpy(&small, r->bytes, sizeof(small));
		*id = small.apic_id;
		*node = small.domain_low | small.domain_high[0] << 8 |
			small.domain_high[1] << 16 |
			(uint32_t)small.domain_high[2] << 24;
		return small.flags & SRAT_ENABLED;
	}
	if (r->type == SRAT_X2APIC) {
		memcpy(&big, r->bytes, sizeof(big));
		*id = big.apic_id;
		*node = big.domain;
		return big.flags & SRAT_ENABLED;
	}
	return false;
}

static bool length_good(const struct acpi_record *r)
{
	switch (r->type) {
	case SRAT_LAPIC:
		return r->length == sizeof(struct srat_lapic);
	case SRAT_X2APIC:
		return r->length == sizeof(struct srat_x2apic);
	case SRAT_MEMORY:
		return r->length == sizeof(struct srat_memory);
	default:
		return true; /* passed over by its own length */
	}
}

static enum err node_add(uint32_t node, const struct srat_rules *rules,
			 struct srat *out, struct acpi_words *why)
{
	if (node >= rules->nodes_max)
		return acpi_refuse(why, "node %u, the image allows %u", node,
				   rules->nodes_max);
	if (node >= out->nodes)
		out->nodes = node + 1;
	return OK;
}

static enum err cpu_add(const struct acpi_record *r,
			const struct srat_rules *rules, uint64_t *seen,
			struct srat *out, struct acpi_words *why)
{
	uint32_t id, node, at;

	if (!record_cpu(r, &id, &node))
		return OK;
	at = cpu_find(rules, id);
	if (at == CPU_NONE)
		return OK; /* none of this machine's */
	if (seen[at / 64] >> at % 64 & 1)
		return acpi_refuse(why, "APIC id %u is on two nodes", id);
	seen[at / 64] |= 1ull << at % 64;
	return node_add(node, rules, out, why);
}

/* Whole pages that exist, below the limit, and nobody else's. */
static enum err range_check(const struct srat_memory *m, uint64_t limit,
			    const struct srat *out, struct acpi_words *why)
{
	struct pa_range r;

	if (!addr_aligned(m->base | m->size, PAGE_4K) || m->base > limit ||
	    m->size > limit - m->base ||
	    pa_range_make(m->base, m->size, &r) != OK)
		return acpi_refuse(why, "memory 0x%llx and 0x%llx more bytes",
				   U64(m->base), U64(m->size));
	for (uint32_t i = 0; i < out->count; i++)
		if (pa_range_overlap(out->range[i].range, r))
			return acpi_refuse(why,
					   "memory at 0x%llx has two "
					   "nodes",
					   U64(m->base));
	return OK;
}

/* The first address of r that no entry of the memory map has. */
static uint64_t map_ends(struct pa_range r)
{
	uint64_t at = r.start.v;

	for (unsigned int i = 0; i < memmap_count(); i++) {
		struct pa_range m = memmap_get(i)->range;

		if (at >= m.start.v && at < pa_range_end(m))
			at = pa_range_end(m);
	}
	return at;
}

static enum err memory_add(const struct acpi_record *r,
			   const struct srat_rules *rules, struct srat *out,
			   struct acpi_words *why)
{
	struct srat_memory m;
	struct pa_range range;
	enum err e;

	memcpy(&m, r->bytes, sizeof(m));
	if (!(m.flags & SRAT_ENABLED) || !m.size || m.flags & SRAT_HOT_PLUG)
		return OK;
	if (m.flags & SRAT_NON_VOLATILE)
		return acpi_refuse(why, "memory at 0x%llx is non-volatile",
				   U64(m.base));
	e = range_check(&m, rules->limit, out, why);
	if (e != OK)
		return e;
	if (out->count == SRAT_RANGES_MAX)
		return acpi_refuse(why, "more than %u ranges of memory",
				   SRAT_RANGES_MAX);
	range = (struct pa_range){ { m.base }, m.size };
	if (map_ends(range) < pa_range_end(range))
		return acpi_refuse(why, "memory 0x%llx-0x%llx: 0x%llx is none",
				   U64(m.base), U64(pa_range_end(range)) - 1,
				   U64(map_ends(range)));
	out->range[out->count++] = (struct srat_range){ range, m.domain };
	return node_add(m.domain, rules, out, why);
}

/* The first address of RAM from 1 MiB on that has no node; end if all has. */
static uint64_t nodes_end(const struct srat *srat, uint64_t at, uint64_t end)
{
	bool on = true;

	at = at < MIB ? MIB : at;
	while (on && at < end) {
		on = false;
		for (uint32_t i = 0; i < srat->count; i++) {
			struct pa_range r = srat->range[i].range;

			if (at < r.start.v || at >= pa_range_end(r))
				continue;
			at = pa_range_end(r);
			on = true;
		}
	}
	return at;
}

static enum err all_covered(const struct srat_rules *rules,
			    const uint64_t *seen, const struct srat *srat,
			    struct acpi_words *why)
{
	for (uint32_t i = 0; i < rules->cpus; i++)
		if (!(seen[i / 64] >> i % 64 & 1))
			return acpi_refuse(why, "APIC id %u has no node",
					   rules->ids[i]);
	for (unsigned int i = 0; i < memmap_count(); i++) {
		const struct memmap_entry *m = memmap_get(i);
		uint64_t end = pa_range_end(m->range);
		uint64_t at = nodes_end(srat, m->range.start.v, end);

		if (m->type == IGVM_MEMORY_MAP_MEMORY && at < end)
			return acpi_refuse(why, "memory at 0x%llx has no node",
					   U64(at));
	}
	return OK;
}

static enum err records_read(const struct acpi_header *h,
			     const struct srat_rules *rules, uint64_t *seen,
			     struct srat *out, struct acpi_words *why)
{
	struct acpi_records it = acpi_records(h, sizeof(struct acpi_srat));
	struct acpi_record r;
	enum err e = OK;

	while (e == OK && acpi_record_next(&it, &r)) {
		if (!length_good(&r))
			return acpi_refuse(why,
					   "a record of type %u is %u bytes "
					   "long",
					   r.type, r.length);
		if (r.type == SRAT_MEMORY)
			e = memory_add(&r, rules, out, why);
		else
			e = cpu_add(&r, rules, seen, out, why);
	}
	if (e == OK && acpi_records_broken(&it))
		return acpi_refuse(why, "a record does not fit into it");
	return e;
}

enum err srat_read(const void *bytes, size_t size,
		   const struct srat_rules *rules, struct srat *out,
		   struct acpi_words *why)
{
	const char *fault = acpi_table_fault(bytes, size, "SRAT");
	const struct acpi_header *h = bytes;
	uint64_t seen[CPU_WORDS] = { 0 };
	enum err e;

	out->nodes = 0;
	out->count = 0;
	if (fault)
		return acpi_refuse(why, "%s", fault);
	if (h->length < sizeof(struct acpi_srat))
		return acpi_refuse(why, "it is shorter than its own head");
	e = records_read(h, rules, seen, out, why);
	return e == OK ? all_covered(rules, seen, out, why) : e;
}

static void cpu_write(uint32_t id, uint32_t node, struct cursor_out *out)
{
	struct srat_x2apic big = { .type = SRAT_X2APIC,
				   .length = sizeof(big),
				   .domain = node,
				   .apic_id = id,
				   .flags = SRAT_ENABLED };
	struct srat_lapic small = { .type = SRAT_LAPIC,
				    .length = sizeof(small),
				    .domain_low = (uint8_t)node,
				    .apic_id = (uint8_t)id,
				    .flags = SRAT_ENABLED };

	if (id < SMALL_ID)
		cursor_out_bytes(out, &small, sizeof(small));
	else
		cursor_out_bytes(out, &big, sizeof(big));
}

static void memory_write(uint64_t start, uint64_t end, uint32_t node,
			 struct cursor_out *out)
{
	struct srat_memory m = { .type = SRAT_MEMORY,
				 .length = sizeof(m),
				 .domain = node,
				 .base = start,
				 .size = end - start,
				 .flags = SRAT_ENABLED };

	if (start < end)
		cursor_out_bytes(out, &m, sizeof(m));
}

static void range_write(const struct srat_range *r, struct cursor_out *out)
{
	uint64_t start = r->range.start.v, end = pa_range_end(r->range);
	struct pa_range ours = memmap_svsm();

	if (!pa_range_overlap(r->range, ours)) {
		memory_write(start, end, r->node, out);
		return;
	}
	memory_write(start, ours.start.v, r->node, out);
	memory_write(pa_range_end(ours), end, r->node, out);
}

bool srat_write(const void *bytes, const struct srat_rules *rules,
		const struct srat *srat, struct cursor_out *out)
{
	struct acpi_records it = acpi_records(bytes, sizeof(struct acpi_srat));
	size_t start = cursor_out_offset(out);
	struct acpi_srat *head = cursor_out_take(out, sizeof(*head));
	struct acpi_record r;
	uint32_t id, node;

	if (!head)
		return false;
	memcpy(head, bytes, sizeof(*head));
	while (acpi_record_next(&it, &r))
		if (record_cpu(&r, &id, &node) &&
		    cpu_find(rules, id) != CPU_NONE)
			cpu_write(id, node, out);
	for (uint32_t i = 0; i < srat->count; i++)
		range_write(&srat->range[i], out);
	if (out->failed)
		return false;
	head->header.length = (uint32_t)(cursor_out_offset(out) - start);
	acpi_seal(&head->header);
	return true;
}

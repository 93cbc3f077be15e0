/* SPDX-License-Identifier: MIT */
/* One case for each usage record; the value must fit behind its offset. */
#include "emu/param.h"

#include "emu/madt.h"
#include "lib/cursor.h"

static enum err memory_map(struct cursor_out *out,
			   const struct param_machine *m)
{
	static struct igvm_memory_map_entry told[MAPLIE_ENTRIES];

	cursor_out_bytes(out, told,
			 maplie_tell(&m->lie, m->map, told) * sizeof(told[0]));
	/* The terminator may be missing only if the area ends right here. */
	if (!out->failed && cursor_out_left(out))
		(void)cursor_out_take(out, sizeof(told[0]));
	return out->failed ? ERR_RANGE : OK;
}

static enum err madt(struct cursor_out *out, const struct param_machine *m)
{
	size_t size;

	if (m->tables.madt)
		return hosttables_madt(m->tables.madt, m->cpus, out);
	return madt_build(m->apic_ids, m->cpus, out->at, cursor_out_left(out),
			  &size);
}

static enum err srat(struct cursor_out *out, const struct param_machine *m)
{
	return m->tables.srat ? hosttables_srat(m->tables.srat, m->map, out)
			      : ERR_ABSENT;
}

static enum err slit(struct cursor_out *out, const struct param_machine *m)
{
	const struct acpi_header *h = m->tables.slit;

	if (!h)
		return ERR_ABSENT;
	cursor_out_bytes(out, h, h->length);
	return out->failed ? ERR_RANGE : OK;
}

/* An ACPI table, told as it is or not; ERR_ABSENT: there is none. */
static enum err table(uint32_t type, struct cursor_out *out,
		      const struct param_machine *m)
{
	size_t room = cursor_out_left(out);
	uint8_t *at = out->at;
	enum err e;

	switch (type) {
	case IGVM_VHT_MADT:
		e = madt(out, m);
		break;
	case IGVM_VHT_SRAT:
		e = srat(out, m);
		break;
	default:
		e = slit(out, m);
		break;
	}
	if (e == OK)
		acpilie_tell(m->acpi_lie, at, room);
	return e == ERR_ABSENT ? OK : e;
}

static enum err number(struct cursor_out *out, uint32_t value)
{
	cursor_out_u32(out, value);
	return out->failed ? ERR_RANGE : OK;
}

enum err param_write(const struct igvm_item *item,
		     const struct param_machine *m, uint8_t *area)
{
	uint64_t size = item->area->size;
	struct cursor_out out;

	if (item->usage.byte_offset > size)
		return ERR_RANGE;
	out = cursor_out_make(area + item->usage.byte_offset,
			      size - item->usage.byte_offset);
	switch (item->type) {
	case IGVM_VHT_VP_COUNT:
		return number(&out, m->cpus);
	case IGVM_VHT_ENVIRONMENT_INFO:
		/* What the file does not load is shared at launch. */
		return number(&out, IGVM_ENVIRONMENT_MEMORY_IS_SHARED);
	case IGVM_VHT_MEMORY_MAP:
		return memory_map(&out, m);
	case IGVM_VHT_MADT:
	case IGVM_VHT_SRAT:
	case IGVM_VHT_SLIT:
		return table(item->type, &out, m);
	case IGVM_VHT_COMMAND_LINE:
		cursor_out_bytes(&out, m->cmdline, strlen(m->cmdline) + 1);
		return out.failed ? ERR_RANGE : OK;
	default:
		return OK;
	}
}

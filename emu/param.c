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

	return madt_build(m->apic_ids, m->cpus, out->at, cursor_out_left(out),
			  &size);
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
		return madt(&out, m);
	case IGVM_VHT_COMMAND_LINE:
		cursor_out_bytes(&out, m->cmdline, strlen(m->cmdline) + 1);
		return out.failed ? ERR_RANGE : OK;
	default:
		return OK;
	}
}

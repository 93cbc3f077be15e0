/* SPDX-License-Identifier: MIT */
/* Header, entries, checksum. */
#include "emu/madt.h"

#include "abi/acpi.h"
#include "abi/x86/apic.h"
#include "lib/cursor.h"

#define MADT_PCAT_COMPAT  1u
#define MADT_LAPIC_ID_MAX 254u

static void entry(struct cursor_out *out, uint32_t uid, uint32_t apic_id)
{
	struct madt_x2apic big = { .type = MADT_X2APIC,
				   .length = sizeof(big),
				   .apic_id = apic_id,
				   .flags = MADT_ENABLED,
				   .uid = uid };
	struct madt_lapic small = { .type = MADT_LAPIC,
				    .length = sizeof(small),
				    .uid = (uint8_t)uid,
				    .apic_id = (uint8_t)apic_id,
				    .flags = MADT_ENABLED };

	if (apic_id > MADT_LAPIC_ID_MAX)
		cursor_out_bytes(out, &big, sizeof(big));
	else
		cursor_out_bytes(out, &small, sizeof(small));
}

enum err madt_build(const uint32_t *apic_ids, unsigned int count, void *to,
		    size_t room, size_t *size)
{
	struct cursor_out out = cursor_out_make(to, room);
	struct acpi_madt *madt = cursor_out_take(&out, sizeof(*madt));
	uint8_t sum = 0;

	if (!madt)
		return ERR_RANGE;
	for (unsigned int i = 0; i < count; i++)
		entry(&out, i, apic_ids[i]);
	if (out.failed)
		return ERR_RANGE;
	*madt = (struct acpi_madt){
		.header = { .signature = { 'A', 'P', 'I', 'C' },
			    .length = (uint32_t)cursor_out_offset(&out),
			    .revision = 4,
			    .oem_id = { 'C', 'O', 'I', 'R', ' ', ' ' },
			    .oem_table_id = { 'E', 'M', 'U', 'L', 'A', 'T', 'E',
					      'D' },
			    .oem_revision = 1,
			    .creator_revision = 1 },
		.lapic_address = APIC_DEFAULT_BASE,
		.flags = MADT_PCAT_COMPAT,
	};
	for (size_t i = 0; i < madt->header.length; i++)
		sum = (uint8_t)(sum + ((const uint8_t *)to)[i]);
	madt->header.checksum = (uint8_t)-sum;
	*size = madt->header.length;
	return OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * Small images with the tables of real ones: entries are added from the end of
 * the file down, as the firmware's reset vector has them.
 */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "abi/ovmf.h"

#define SAMPLE_SIZE 8192u

struct sample {
	uint8_t bytes[SAMPLE_SIZE];
	uint32_t low;	/* offset of the lowest entry so far */
	uint32_t block; /* where the next metadata block goes */
};

static inline void sample_put(struct sample *s, const uint8_t *guid,
			      const void *data, uint16_t size)
{
	uint16_t length = (uint16_t)(size + OVMF_ENTRY_TAIL);

	s->low -= length;
	memcpy(s->bytes + s->low, data, size);
	memcpy(s->bytes + s->low + size, &length, 2);
	memcpy(s->bytes + s->low + size + 2, guid, OVMF_GUID_SIZE);
}

static inline void sample_begin(struct sample *s)
{
	memset(s, 0, sizeof(*s));
	s->low = SAMPLE_SIZE - OVMF_TABLE_SKIP - OVMF_ENTRY_TAIL;
	s->block = SAMPLE_SIZE - 1024;
}

/* The footer is the first entry, and holds the length of all. */
static inline void sample_end(struct sample *s)
{
	static const uint8_t guid[] = OVMF_GUID_FOOTER;
	uint32_t at = SAMPLE_SIZE - OVMF_TABLE_SKIP - OVMF_ENTRY_TAIL;
	uint16_t total = (uint16_t)(SAMPLE_SIZE - OVMF_TABLE_SKIP - s->low);

	memcpy(s->bytes + at, &total, 2);
	memcpy(s->bytes + at + 2, guid, sizeof(guid));
}

/* A metadata block and the entry that leads to it; returns its place. */
static inline uint32_t sample_block(struct sample *s, const uint8_t *guid,
				    uint32_t signature, const void *records,
				    uint32_t count, uint32_t record)
{
	struct ovmf_block b = { signature, (uint32_t)sizeof(b) + count * record,
				OVMF_BLOCK_VERSION, count };
	static const uint8_t tdx[] = OVMF_GUID_TDX_BLOCK;
	uint32_t at = s->block + OVMF_GUID_SIZE, offset = SAMPLE_SIZE - at;

	if (signature == OVMF_SIGNATURE_TDX)
		memcpy(s->bytes + at - sizeof(tdx), tdx, sizeof(tdx));
	memcpy(s->bytes + at, &b, sizeof(b));
	memcpy(s->bytes + at + sizeof(b), records, count * record);
	s->block = at + b.length;
	sample_put(s, guid, &offset, 4);
	return at;
}

static const uint8_t sample_guid_reset[] = OVMF_GUID_RESET_BLOCK;
static const uint8_t sample_guid_secret[] = OVMF_GUID_SECRET_BLOCK;
static const uint8_t sample_guid_hash[] = OVMF_GUID_HASH_TABLE;
static const uint8_t sample_guid_sev[] = OVMF_GUID_SEV;
static const uint8_t sample_guid_tdx[] = OVMF_GUID_TDX;
static const uint8_t sample_guid_igvm[] = OVMF_GUID_IGVM;

/* What Debian's packages hold, by its edk2 version. */
enum sample_version { SAMPLE_2022_11, SAMPLE_2025_02, SAMPLE_2026_08 };

static const struct ovmf_record sample_sev_2022[] = {
	{ 0x800000, 0x9000, 1 },  { 0x80a000, 0x3000, 1 },
	{ 0x80d000, 0x1000, 2 },  { 0x80e000, 0x1000, 3 },
	{ 0x80f000, 0x11000, 1 },
};
static const struct ovmf_record sample_sev_2025[] = {
	{ 0x800000, 0x9000, 1 }, { 0x80a000, 0x3000, 1 },
	{ 0x80d000, 0x1000, 2 }, { 0x80e000, 0x1000, 3 },
	{ 0x80f000, 0x1000, 4 }, { 0x810000, 0x10000, 1 },
};
static const struct ovmf_record sample_sev_2026[] = {
	{ 0x800000, 0x9000, 1 },  { 0x80a000, 0x3000, 1 },
	{ 0x80d000, 0x1000, 2 },  { 0x80e000, 0x1000, 3 },
	{ 0x80f000, 0x1000, 4 },  { 0x811000, 0x1f000, 1 },
	{ 0x810000, 0x1000, 16 },
};
static const struct ovmf_record sample_igvm_2026[] = {
	{ 0x812000, 0x1000, 0x100 },
	{ 0, 0xc0, 0x101 },
	{ 0xc0, 0x10, 0x102 },
	{ 0x813000, 0x1000, 0x200 },
};
static const struct ovmf_tdx_record sample_tdx[] = {
	{ 0x1000, 0x1000, 0xfffff000, 0x1000, 0, 1 },
	{ 0, 0x1000, 0xffffe000, 0x1000, 1, 0 },
	{ 0, 0, 0x810000, 0x10000, 3, 0 },
	{ 0, 0, 0x80b000, 0x2000, 3, 0 },
	{ 0, 0, 0x809000, 0x2000, 2, 0 },
	{ 0, 0, 0x800000, 0x6000, 3, 0 },
};

#define SAMPLE_COUNT(a) ((uint32_t)(sizeof(a) / sizeof((a)[0])))

static inline void sample_sev(struct sample *s, const struct ovmf_record *r,
			      uint32_t count)
{
	(void)sample_block(s, sample_guid_sev, OVMF_SIGNATURE_SEV, r, count,
			   sizeof(*r));
}

static inline void sample_make(struct sample *s, enum sample_version version)
{
	static const uint32_t reset = 0x80b004, none[2] = { 0, 0 };
	static const uint32_t secret[2] = { 0x810000, 0xc00 };
	static const uint32_t hash[2] = { 0x810c00, 0x400 };
	bool modern = version == SAMPLE_2026_08;

	sample_begin(s);
	sample_put(s, sample_guid_reset, &reset, 4);
	sample_put(s, sample_guid_secret, modern ? secret : none, 8);
	sample_put(s, sample_guid_hash, modern ? hash : none, 8);
	if (version == SAMPLE_2022_11)
		sample_sev(s, sample_sev_2022, SAMPLE_COUNT(sample_sev_2022));
	else if (version == SAMPLE_2025_02)
		sample_sev(s, sample_sev_2025, SAMPLE_COUNT(sample_sev_2025));
	else
		sample_sev(s, sample_sev_2026, SAMPLE_COUNT(sample_sev_2026));
	(void)sample_block(s, sample_guid_tdx, OVMF_SIGNATURE_TDX, sample_tdx,
			   SAMPLE_COUNT(sample_tdx), sizeof(sample_tdx[0]));
	if (modern)
		(void)sample_block(s, sample_guid_igvm, OVMF_SIGNATURE_IGVM,
				   sample_igvm_2026,
				   SAMPLE_COUNT(sample_igvm_2026),
				   sizeof(sample_igvm_2026[0]));
	sample_end(s);
}

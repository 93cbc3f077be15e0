/* SPDX-License-Identifier: MIT */
/*
 * The two worked examples of spec/igvm.md, sections 5 and 6, as raw bytes that
 * owe nothing to abi/igvm.h, and the digests after each launch page.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHEET_A_SIZE  8376u
#define SHEET_B_SIZE  8488u
#define SHEET_B_STEPS 6u

/* Write the whole file. */
void sheet_a(uint8_t file[SHEET_A_SIZE]);
void sheet_b(uint8_t file[SHEET_B_SIZE]);

/* The data pages alone, 4 KiB each. */
void sheet_code_page(uint8_t page[4096]);
void sheet_native_page(uint8_t page[4096]);
void sheet_vmsa_page(uint8_t page[4096]);

struct sheet_step {
	unsigned int type;
	uint64_t gpa;
	const char *digest; /* hexadecimal */
};
/* What each page of example B leads to; the last is its launch digest. */
extern const struct sheet_step sheet_b_steps[SHEET_B_STEPS];

/* Makes a changed header section valid again (an own CRC, bit by bit). */
void sheet_fix_checksum(uint8_t *file, size_t size);

/* 48 bytes as 96 digits. */
void sheet_hex(const uint8_t digest[48], char text[97]);

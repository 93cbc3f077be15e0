/* SPDX-License-Identifier: MIT */
/* Looks addresses up in the linked-in table, which may be empty. */
#include "kernel/base/symbols.h"

#include <stddef.h>

#include "abi/boot/launch.h"

/* The table: count, then offsets from KERNEL_VA in ascending order, then the
 * names in the same order, each with its NUL. Weak: absent in the first link. */
extern const uint32_t symbol_count __attribute__((weak));
extern const uint32_t symbol_offsets[] __attribute__((weak));
extern const char symbol_names[] __attribute__((weak));

static const char *name_of(uint32_t index)
{
	const char *name = symbol_names;

	while (index) {
		while (*name)
			name++;
		name++;
		index--;
	}
	return name;
}

const char *symbols_name(uint64_t va, uint64_t *offset)
{
	uint32_t at = 0;

	if (&symbol_count == NULL || symbol_count == 0 ||
	    va < KERNEL_VA + symbol_offsets[0])
		return NULL;
	while (at + 1 < symbol_count &&
	       KERNEL_VA + symbol_offsets[at + 1] <= va)
		at++;
	*offset = va - KERNEL_VA - symbol_offsets[at];
	return name_of(at);
}

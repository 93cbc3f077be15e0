/* SPDX-License-Identifier: MIT */
/* Layout assertions: a structure of a spec is written once and checks itself. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define ABI_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), #type " has the wrong size")
#define ABI_AT(type, field, offset)                       \
	_Static_assert(offsetof(type, field) == (offset), \
		       #type "." #field " is at the wrong offset")
#define ABI_PACKED __attribute__((packed))

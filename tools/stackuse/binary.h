/* SPDX-License-Identifier: MIT */
/* The linked image: which functions are in it, and what its tables hold. */
#pragma once

#include "lib/elf.h"
#include "tools/stackuse/graph.h"

struct symbol {
	const char *name;
	const char *file; /* of a local symbol: its source's last name */
	uint64_t value, size;
	unsigned int type;
	bool local;
};

struct binary {
	struct pool *pool;
	struct elf_file elf;
	struct symbol *items;
	size_t count, room;
};

/* bytes must outlive it. ERR_FORMAT: no static program with symbols. */
must_check enum err binary_open(struct binary *binary, struct pool *pool,
				const char *name, const void *bytes,
				size_t size, struct complaints *wrong);

/* The symbol of a function of the graph; NULL: not in the image. */
const struct symbol *binary_function(const struct binary *binary,
				     const struct function *f);

/*
 * The graph's functions whose code begins at address; false: that is in code,
 * but no function of the graph begins there. Nothing is added if address is
 * not in code at all.
 */
bool binary_functions_at(const struct binary *binary, const struct graph *graph,
			 uint64_t address, struct call_list *out);

/*
 * A table: NAME, NAME.SLOT or FILE:NAME of data that nobody can write. NULL:
 * there is none or more than one; *why says so.
 */
const struct symbol *binary_table(const struct binary *binary, const char *name,
				  const char **why);
/* Its n-th word of 8 bytes; n must be below size / 8. */
uint64_t binary_word(const struct binary *binary, const struct symbol *table,
		     uint64_t n);

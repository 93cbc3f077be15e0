/* SPDX-License-Identifier: MIT */
/*
 * The SRAT: which processors and which memory belong to which node. ACPI 6.5,
 * 5.2.16. The bytes are the host's word in memory that it cannot write any
 * more; srat_read() judges them, srat_write() makes the guest's own table of
 * what it took.
 */
#pragma once

#include "lib/acpi.h"
#include "lib/addr.h"

#define SRAT_RANGES_MAX 64u
#define SRAT_NODES_MAX	64u

/* What it is held to, and what the guest's own is made for. */
struct srat_rules {
	const uint32_t *ids; /* own first, then ascending: see topology.h */
	uint32_t cpus;
	uint32_t nodes_max; /* 1..SRAT_NODES_MAX */
	uint64_t limit;	    /* addresses end below: the C-bit */
};

struct srat_range {
	struct pa_range range;
	uint32_t node;
};

struct srat {
	uint32_t nodes; /* the highest node's number and one */
	uint32_t count;
	struct srat_range range[SRAT_RANGES_MAX];
};

/*
 * Every processor of the rules once, on a node below the maximum; memory whole
 * pages below the limit, disjoint, inside the memory map; all RAM from 1 MiB
 * on has a node. Processors that are not there, disabled records, memory to
 * be plugged in later, and types unknown to us are passed over. ERR_FORMAT,
 * with words.
 */
must_check enum err srat_read(const void *bytes, size_t size,
			      const struct srat_rules *rules, struct srat *out,
			      struct acpi_words *why);

/* The same in the guest's terms: none of it is memory of ours. @bytes is the
 * table that srat_read took. False: no room. */
must_check bool srat_write(const void *bytes, const struct srat_rules *rules,
			   const struct srat *srat, struct cursor_out *out);

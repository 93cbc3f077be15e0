/* SPDX-License-Identifier: MIT */
/*
 * The SLIT: how far nodes are from each other. ACPI 6.5, 5.2.17. The bytes
 * are the host's word in memory that it cannot write any more.
 */
#pragma once

#include "lib/acpi.h"

/*
 * @nodes to @nodes_max nodes, each 10 from itself and farther from the others
 * (255: out of reach). ERR_FORMAT, with words.
 */
must_check enum err slit_check(const void *bytes, size_t size, uint32_t nodes,
			       uint32_t nodes_max, struct acpi_words *why);

/* The part about the first @nodes of a table that slit_check took. False: no
 * room. */
must_check bool slit_write(const void *bytes, uint32_t nodes,
			   struct cursor_out *out);

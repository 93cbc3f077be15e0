/* SPDX-License-Identifier: MIT */
/* The table is collected by the linker from section .extable. */
#include "kernel/cpu/extable.h"

struct extable_entry {
	uint64_t fault;
	uint64_t fix;
};

extern const struct extable_entry extable_start[], extable_end[];

bool extable_fix(struct trap_frame *frame)
{
	const struct extable_entry *e;

	for (e = extable_start; e < extable_end; e++) {
		if (e->fault == frame->rip) {
			frame->rip = e->fix;
			return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: MIT */
/* proof: a SLIT that was taken has the nodes it must, each 10 from itself and
 *   farther from others; the guest's part has just its nodes, as far apart
 * sources: kernel/dev/slit.c lib/acpi.c proofs/fake/fmt.c
 * bound: 48 bytes, up to 2 nodes
 * flags: -DBOUND=48 --unwind 5 --unwindset acpi_sum.0:49
 * mutation: kernel/dev/slit.c@slit_check: head.localities < nodes || =>
 * mutation: kernel/dev/slit.c@distances_check: far > SLIT_LOCAL => far >= SLIT_LOCAL
 * mutation: kernel/dev/slit.c@slit_write: head->localities = nodes => head->localities = all
 */
#include "kernel/dev/slit.h"

#include "proofs/fake/proof.h"

static union {
	struct acpi_slit slit;
	uint8_t bytes[BOUND];
} in, out;

int main(void)
{
	uint32_t nodes = 1 + (uint32_t)any_upto(1), i, k;
	size_t size = any_upto(BOUND);
	struct acpi_words why;
	struct cursor_out to;
	uint64_t all;

	ANY(in);
	if (slit_check(&in, size, nodes, 2, &why) != OK)
		return 0;
	all = in.slit.localities;
	PROVE(all >= nodes && all <= 2);
	PROVE(sizeof(in.slit) + all * all == in.slit.header.length);
	PROVE(in.slit.header.length <= size);
	i = (uint32_t)any_upto(all - 1);
	k = (uint32_t)any_upto(all - 1);
	PROVE(i == k ? in.bytes[44 + i * all + k] == 10
		     : in.bytes[44 + i * all + k] > 10);
	to = cursor_out_make(&out, sizeof(out));
	PROVE(slit_write(&in, nodes, &to));
	PROVE(out.slit.localities == nodes);
	PROVE(cursor_out_offset(&to) == out.slit.header.length);
	if (i < nodes && k < nodes)
		PROVE(out.bytes[44 + i * nodes + k] ==
		      in.bytes[44 + i * all + k]);
	SEEN(nodes == 1 && all == 2);
	return 0;
}

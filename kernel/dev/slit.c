/* SPDX-License-Identifier: MIT */
/* Reads the host's SLIT, writes the guest's. */
#include "kernel/dev/slit.h"

static const uint8_t *distances(const void *bytes)
{
	return (const uint8_t *)bytes + sizeof(struct acpi_slit);
}

static enum err distances_check(const uint8_t *d, uint32_t n,
				struct acpi_words *why)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < n; k++) {
			uint8_t far = d[i * n + k];

			if (i == k ? far == SLIT_LOCAL : far > SLIT_LOCAL)
				continue;
			return acpi_refuse(why, "node %u is %u from node %u", i,
					   far, k);
		}
	return OK;
}

enum err slit_check(const void *bytes, size_t size, uint32_t nodes,
		    uint32_t nodes_max, struct acpi_words *why)
{
	const char *fault = acpi_table_fault(bytes, size, "SLIT");
	struct acpi_slit head;

	if (fault)
		return acpi_refuse(why, "%s", fault);
	if (size < sizeof(head))
		return acpi_refuse(why, "it is shorter than its own head");
	memcpy(&head, bytes, sizeof(head));
	if (head.header.length < sizeof(head))
		return acpi_refuse(why, "it is shorter than its own head");
	if (head.localities < nodes || head.localities > nodes_max)
		return acpi_refuse(why,
				   "distances of %llu nodes, there are %u and "
				   "%u are allowed",
				   (unsigned long long)head.localities, nodes,
				   nodes_max);
	if (head.header.length !=
	    sizeof(head) + head.localities * head.localities)
		return acpi_refuse(why, "its length does not fit %llu nodes",
				   (unsigned long long)head.localities);
	return distances_check(distances(bytes), (uint32_t)head.localities,
			       why);
}

bool slit_write(const void *bytes, uint32_t nodes, struct cursor_out *out)
{
	struct acpi_slit *head = cursor_out_take(out, sizeof(*head));
	uint64_t all;

	if (!head)
		return false;
	memcpy(head, bytes, sizeof(*head));
	all = head->localities;
	head->localities = nodes;
	head->header.length = (uint32_t)sizeof(*head) + nodes * nodes;
	for (uint32_t i = 0; i < nodes; i++)
		cursor_out_bytes(out, distances(bytes) + i * all, nodes);
	if (out->failed)
		return false;
	acpi_seal(&head->header);
	return true;
}

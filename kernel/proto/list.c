/* SPDX-License-Identifier: MIT */
/* Reads page lists, once. */
#include "kernel/proto/list.h"

/* The header must be in memory before its limits are known: two reads, of
 * different bytes, so that nothing is read twice. */
enum svsm_result list_read(struct vcpu *vcpu, uint64_t gpa, struct list *list)
{
	uint64_t room = PAGE_4K - (gpa & (PAGE_4K - 1));
	struct svsm_list header;
	uint64_t size;

	if (!addr_aligned(gpa, sizeof(uint64_t)))
		return SVSM_ERR_INVALID_PARAMETER;
	if (guest_range_check(gpa, room, &list->where) != OK ||
	    guest_read(list->where, 0, &header, sizeof(header)) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	room = (room - sizeof(header)) / sizeof(uint64_t);
	if (header.entries > room || header.next >= header.entries)
		return SVSM_ERR_INVALID_PARAMETER;
	size = (uint64_t)(header.entries - header.next) * sizeof(uint64_t);
	if (guest_read(list->where,
		       sizeof(header) + header.next * sizeof(uint64_t),
		       vcpu->list, size) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	list->next = header.next;
	list->entries = header.entries;
	list->entry = vcpu->list;
	return SVSM_SUCCESS;
}

enum svsm_result list_progress(const struct list *list)
{
	if (guest_write(list->where, offsetof(struct svsm_list, next),
			&list->next, sizeof(list->next)) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	return SVSM_SUCCESS;
}

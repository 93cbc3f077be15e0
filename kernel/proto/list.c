/* SPDX-License-Identifier: MIT */
/* Reads page lists, once. */
#include "kernel/proto/list.h"

/* Taken together with the header: most lists are no longer than this. */
#define FIRST_ENTRIES 7u
#define ENTRY_BYTES   ((uint32_t)sizeof(uint64_t))

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * Entries [next, entries) of which the first `have` are in the copy already.
 * The copy is laid out as the guest's list, so that no byte is read twice.
 */
static enum err rest_read(const struct list *list, uint64_t *copy,
			  uint32_t have)
{
	uint32_t from = have > list->next ? have : list->next;
	uint32_t at = (uint32_t)sizeof(struct svsm_list) + from * ENTRY_BYTES;

	if (from >= list->entries)
		return OK;
	return guest_read(list->where, at, (char *)copy + at,
			  (list->entries - from) * ENTRY_BYTES);
}

enum svsm_result list_read(struct vcpu *vcpu, uint64_t gpa, struct list *list)
{
	uint32_t bytes = (uint32_t)(PAGE_4K - (gpa & (PAGE_4K - 1)));
	const struct svsm_list *header = (struct svsm_list *)vcpu->list;
	uint32_t room, have;

	if (!addr_aligned(gpa, ENTRY_BYTES))
		return SVSM_ERR_INVALID_PARAMETER;
	room = (bytes - (uint32_t)sizeof(*header)) / ENTRY_BYTES;
	have = smaller(room, FIRST_ENTRIES);
	if (guest_range_check(gpa, bytes, &list->where) != OK ||
	    guest_read(list->where, 0, vcpu->list,
		       sizeof(*header) + have * ENTRY_BYTES) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	if (header->entries > room || header->next >= header->entries)
		return SVSM_ERR_INVALID_PARAMETER;
	list->next = header->next;
	list->entries = header->entries;
	list->entry = vcpu->list + 1 + list->next;
	if (rest_read(list, vcpu->list, have) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	return SVSM_SUCCESS;
}

enum svsm_result list_progress(const struct list *list)
{
	if (guest_write(list->where, offsetof(struct svsm_list, next),
			&list->next, sizeof(list->next)) != OK)
		return SVSM_ERR_INVALID_ADDRESS;
	return SVSM_SUCCESS;
}

/* SPDX-License-Identifier: MIT */
/* Does an IGVM file load two things at one guest address? */
#include "lib/igvm_read.h"

struct span_list {
	struct igvm_span *spans;
	uint32_t count, room;
};

static bool span_meets(const struct igvm_span *a, const struct igvm_span *b)
{
	/* KVM has one address for the VMSAs of all VPs. */
	return a->start < b->end && b->start < a->end && !(a->vmsa && b->vmsa);
}

static bool item_span(const struct igvm_item *item, uint32_t mask,
		      struct igvm_span *s)
{
	struct pa_range r;

	if (!(item->mask & mask) || !igvm_item_range(item, &r))
		return false;
	*s = (struct igvm_span){ r.start.v, pa_range_end(r),
				 item->type == IGVM_VHT_VP_CONTEXT };
	return true;
}

/* Files list pages mostly in ascending order: runs become one span. */
static bool span_add(struct span_list *l, struct igvm_span s)
{
	struct igvm_span *last = l->count ? &l->spans[l->count - 1] : NULL;

	if (last && last->end == s.start && last->vmsa == s.vmsa) {
		last->end = s.end;
		return true;
	}
	if (l->count == l->room)
		return false;
	l->spans[l->count++] = s;
	return true;
}

static void sift_down(struct igvm_span *s, uint32_t at, uint32_t count)
{
	for (;;) {
		uint32_t child = 2 * at + 1;
		struct igvm_span t = s[at];

		if (child >= count)
			return;
		if (child + 1 < count && s[child + 1].start > s[child].start)
			child++;
		if (s[child].start <= t.start)
			return;
		s[at] = s[child];
		s[child] = t;
		at = child;
	}
}

/* Heap sort: no recursion, and no order of a hostile file makes it slow. */
static void sort(struct span_list *l)
{
	for (uint32_t i = l->count / 2; i-- > 0;)
		sift_down(l->spans, i, l->count);
	for (uint32_t n = l->count; n-- > 1;) {
		struct igvm_span t = l->spans[0];

		l->spans[0] = l->spans[n];
		l->spans[n] = t;
		sift_down(l->spans, 0, n);
	}
}

/* In a sorted list an overlap shows beside the span that reaches furthest. */
static bool find_overlap(const struct span_list *l, struct igvm_span *where)
{
	const struct igvm_span *far = l->spans;

	for (uint32_t i = 1; i < l->count; i++) {
		const struct igvm_span *s = &l->spans[i];

		if (span_meets(s, far)) {
			uint64_t end = s->end < far->end ? s->end : far->end;

			*where = (struct igvm_span){ s->start, end, false };
			return true;
		}
		if (s->end > far->end)
			far = s;
	}
	return false;
}

/* The second header that touches the place: the one to blame. */
static uint32_t find_culprit(const struct igvm_file *file, uint32_t mask,
			     uint64_t gpa)
{
	struct igvm_span place = { gpa, gpa + 1, false }, s;
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;
	uint32_t hits = 0, offset = 0;

	while (hits < 2 && igvm_next(&it, &item)) {
		if (!item_span(&item, mask, &s) || !span_meets(&s, &place))
			continue;
		offset = item.offset;
		hits++;
	}
	return offset;
}

enum err igvm_overlap_check(const struct igvm_file *file, uint32_t mask,
			    struct igvm_span *spans, uint32_t span_count,
			    struct igvm_fault *fault)
{
	struct span_list list = { spans, 0, span_count };
	struct igvm_iter it = igvm_first(file);
	struct igvm_item item;
	struct igvm_span s;

	while (igvm_next(&it, &item)) {
		if (item_span(&item, mask, &s) && !span_add(&list, s)) {
			*fault = (struct igvm_fault){
				item.offset, "too many separate runs of memory"
			};
			return ERR_NOMEM;
		}
	}
	sort(&list);
	if (!find_overlap(&list, &s))
		return OK;
	*fault = (struct igvm_fault){ find_culprit(file, mask, s.start),
				      "memory is loaded twice" };
	return ERR_FORMAT;
}

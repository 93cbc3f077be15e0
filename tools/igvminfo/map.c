/* SPDX-License-Identifier: MIT */
/*
 * Guest memory as boxes, lowest address first: neighbours of one kind are one
 * box; what no header speaks of is a gap.
 */
#include "tools/igvminfo/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/igvminfo/words.h"

#define TEXT_SIZE 48
#define BOX	  "------------------------------------------------------------------"
#define ULL(v)	  ((unsigned long long)(v))

struct region {
	uint64_t start, end;
	char what[TEXT_SIZE]; /* what it is */
	const char *who;      /* whose contents: file, host or processor */
};

struct region_list {
	struct region *items;
	size_t count, room;
};

/* Grows by doubling; joins what continues the last region. */
static enum err list_add(struct region_list *l, const struct region *r)
{
	struct region *last = l->count ? &l->items[l->count - 1] : NULL;

	if (last && last->end == r->start && !strcmp(last->what, r->what)) {
		last->end = r->end;
		return OK;
	}
	if (l->count == l->room) {
		size_t room = l->room ? l->room * 2 : 64;
		struct region *items = realloc(l->items, room * sizeof(*items));

		if (!items)
			return ERR_NOMEM;
		l->items = items;
		l->room = room;
	}
	l->items[l->count++] = *r;
	return OK;
}

static int compare(const void *a, const void *b)
{
	const struct region *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return 0;
}

/* Sorts, then joins what became neighbours. */
static void list_sort(struct region_list *l)
{
	struct region_list out = { l->items, 0, l->room };

	if (l->count)
		qsort(l->items, l->count, sizeof(*l->items), compare);
	/* Never grows: it writes at or before the place it reads. */
	for (size_t i = 0; i < l->count; i++) {
		struct region r = l->items[i];

		if (list_add(&out, &r) != OK)
			return;
	}
	l->count = out.count;
}

static void say(struct region *r, const char *what, const char *who)
{
	snprintf(r->what, sizeof(r->what), "%s", what);
	r->who = who;
}

/* "Whose contents" is the question that matters: the host's are not trusted. */
static void describe_page(const struct igvm_item *it, struct region *r)
{
	if (it->page.data_type == IGVM_PAGE_TYPE_SECRETS)
		say(r, "secrets", "security processor");
	else if (it->page.data_type != IGVM_PAGE_TYPE_NORMAL)
		say(r, "CPUID table", "host, checked");
	else if (it->page.flags & IGVM_PAGE_SHARED)
		say(r, "shared pages", "host");
	else if (it->page.flags & IGVM_PAGE_UNMEASURED)
		say(r, "unmeasured pages", "host");
	else if (it->data)
		say(r, "measured pages", "file");
	else
		say(r, "measured pages of zeroes", "file");
}

/* False for headers that put nothing into memory. */
static bool describe(const struct igvm_item *it, struct region *r)
{
	struct pa_range range;

	if (!igvm_item_range(it, &range))
		return false;
	r->start = range.start.v;
	r->end = pa_range_end(range);
	switch (it->type) {
	case IGVM_VHT_PAGE_DATA:
		describe_page(it, r);
		break;
	case IGVM_VHT_PARAMETER_INSERT:
		snprintf(r->what, sizeof(r->what), "parameter area %u",
			 it->area->index);
		r->who = "host";
		break;
	case IGVM_VHT_VP_CONTEXT:
		say(r, "start state of the VPs", "file");
		break;
	default:
		say(r, "error range", "host");
		break;
	}
	return true;
}

/* What is loaded never overlaps: image_open has seen to that. */
static enum err collect(const struct igvm_file *f, uint32_t mask,
			struct region_list *loaded)
{
	struct igvm_iter it = igvm_first(f);
	struct igvm_item item;
	struct region r;
	enum err e = OK;

	while (e == OK && igvm_next(&it, &item)) {
		if (!(item.mask & mask) || !describe(&item, &r))
			continue;
		/* All VMSAs of a file may share their address. */
		if (item.type == IGVM_VHT_VP_CONTEXT && loaded->count &&
		    loaded->items[loaded->count - 1].start == r.start)
			continue;
		e = list_add(loaded, &r);
	}
	list_sort(loaded);
	return e;
}

/* The first loaded region that ends behind gpa; they are sorted and apart. */
static size_t first_after(const struct region_list *l, uint64_t gpa)
{
	size_t low = 0, high = l->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->items[middle].end > gpa)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Adds what is only required: the range without what is loaded into it. */
static enum err add_required(const struct region_list *loaded, uint64_t start,
			     uint64_t end, struct region_list *out)
{
	struct region r = { .start = start };
	enum err e = OK;

	say(&r, "required memory", "nobody yet");
	for (size_t i = first_after(loaded, start);
	     i < loaded->count && e == OK; i++) {
		const struct region *l = &loaded->items[i];

		if (l->start >= end)
			break;
		r.end = l->start;
		if (r.start < r.end)
			e = list_add(out, &r);
		r.start = l->end;
	}
	r.end = end;
	if (e == OK && r.start < r.end)
		e = list_add(out, &r);
	return e;
}

static enum err collect_required(const struct igvm_file *f, uint32_t mask,
				 const struct region_list *loaded,
				 struct region_list *out)
{
	struct igvm_iter it = igvm_first(f);
	struct igvm_item item;
	enum err e = OK;

	while (e == OK && igvm_next(&it, &item)) {
		if (item.type != IGVM_VHT_REQUIRED_MEMORY ||
		    !(item.mask & mask))
			continue;
		e = add_required(
			loaded, item.required.gpa,
			item.required.gpa + item.required.number_of_bytes, out);
	}
	return e;
}

/* A box shares its lower edge with a neighbour; a gap has dots instead. */
static void draw(const struct region_list *l)
{
	uint64_t at = 0;

	if (!l->count)
		printf("%20snothing\n", "");
	for (size_t i = 0; i < l->count; i++) {
		const struct region *r = &l->items[i];

		if (r->start > at)
			printf("%20s...\n", "");
		if (r->start != at || !i)
			printf("  0x%013llx  +%s+\n", ULL(r->start), BOX);
		printf("  %15s  | %-28s %-18s %16s |\n", "", r->what, r->who,
		       words_size(r->end - r->start));
		printf("  0x%013llx  +%s+\n", ULL(r->end), BOX);
		at = r->end;
	}
	printf("\n");
}

static enum err print_platform(const struct igvm_file *f,
			       const struct igvm_supported_platform *p)
{
	struct region_list loaded = { NULL, 0, 0 }, all = { NULL, 0, 0 };
	uint32_t mask = p->compatibility_mask;
	enum err e = collect(f, mask, &loaded);

	if (e == OK)
		e = collect_required(f, mask, &loaded, &all);
	for (size_t i = 0; i < loaded.count && e == OK; i++)
		e = list_add(&all, &loaded.items[i]);
	if (e == OK) {
		list_sort(&all);
		printf("%s (mask 0x%x): what, whose contents, size\n",
		       words_platform(p->platform_type), mask);
		draw(&all);
	}
	free(loaded.items);
	free(all.items);
	return e;
}

enum err map_print(const struct igvm_file *file)
{
	enum err e = OK;

	for (uint32_t i = 0; i < file->platform_count && e == OK; i++)
		e = print_platform(file, &file->platforms[i]);
	return e;
}

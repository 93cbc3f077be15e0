/* SPDX-License-Identifier: MIT */
/* Rows in the order of the rules; "-" where a build has no such entry. */
#include "tools/stackuse/page.h"

#include <stdlib.h>
#include <string.h>

#define STEP   256u
#define ULL(v) ((unsigned long long)(v))

static uint64_t at_most(uint64_t depth)
{
	return (depth + depth / 5 + STEP - 1) / STEP * STEP;
}

static bool is_true(uint64_t stated, uint64_t depth)
{
	return depth <= stated && stated <= 2 * depth + 2 * STEP;
}

static const struct verdict *verdict_of(const struct build *b, const char *name)
{
	for (size_t i = 0; i < b->verdicts.count; i++)
		if (!strcmp(b->verdicts.items[i].entry->name, name) &&
		    b->verdicts.items[i].known)
			return &b->verdicts.items[i];
	return NULL;
}

/* The n-th entry of all builds without repetition; NULL: there are fewer. */
static const struct verdict *row_of(const struct build *builds, size_t count,
				    size_t n)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < builds[i].verdicts.count; k++) {
			const struct verdict *v = &builds[i].verdicts.items[k];
			bool seen = !v->known;

			for (size_t j = 0; j < i; j++)
				seen |= verdict_of(&builds[j],
						   v->entry->name) != NULL;
			if (!seen && !n--)
				return v;
		}
	}
	return NULL;
}

static void cell(FILE *to, const struct verdict *v)
{
	if (v)
		fprintf(to, " %llu |", ULL(at_most(v->depths.depth)));
	else
		fprintf(to, " - |");
}

void page_table(FILE *to, const struct build *builds, size_t count)
{
	const struct verdict *v;

	fprintf(to, "| entry point | limit |");
	for (size_t i = 0; i < count; i++)
		fprintf(to, " %s, at most |", builds[i].name);
	fprintf(to, "\n|---|--:|");
	for (size_t i = 0; i < count; i++)
		fprintf(to, "--:|");
	fprintf(to, "\n");
	for (size_t n = 0; (v = row_of(builds, count, n)); n++) {
		fprintf(to, "| %s | %llu |", v->entry->name, ULL(v->limit));
		for (size_t i = 0; i < count; i++)
			cell(to, verdict_of(&builds[i], v->entry->name));
		fprintf(to, "\n");
	}
}

/* The text after the n-th bar of a line; "" if it has fewer. */
static const char *column(const char *line, size_t n)
{
	for (; n && *line && *line != '\n'; line++)
		n -= *line == '|';
	return n ? "" : line + (*line == ' ');
}

static const char *row_find(const char *table, const char *end,
			    const char *name)
{
	for (const char *l = table; l < end; l += strcspn(l, "\n") + 1) {
		const char *text = column(l, 1);
		size_t size = strlen(name);

		if (!strncmp(text, name, size) &&
		    !strncmp(text + size, " |", 2))
			return l;
	}
	return NULL;
}

static void row_check(const char *name, const char *row, const struct build *b,
		      size_t at, const char *entry, struct complaints *broken)
{
	const struct verdict *v = verdict_of(b, entry);
	const char *text = column(row, at);
	uint64_t stated = strtoull(text, NULL, 10);

	if (!v && *text != '-')
		complain(broken, "%s: %s is no entry of %s", name, entry,
			 b->name);
	if (v && !is_true(stated, v->depths.depth))
		complain(broken,
			 "%s: %s, %s: the page says at most %llu, it is "
			 "%llu; `make stack-page` writes it anew",
			 name, entry, b->name, ULL(stated),
			 ULL(v->depths.depth));
}

/* Two lines of head, and one row for each entry. */
static void rows_count(const char *name, const char *table, const char *end,
		       size_t rows, struct complaints *broken)
{
	size_t lines = 0;

	for (const char *p = table; p < end; p++)
		lines += *p == '\n';
	if (lines != rows + 2)
		complain(broken, "%s: the table has %zu rows, not %zu", name,
			 lines < 2 ? 0 : lines - 2, rows);
}

/* The text between the comments; NULL: they are not there. */
static const char *table_find(const char *text, const char **end)
{
	const char *begin = strstr(text, PAGE_BEGIN);

	if (!begin)
		return NULL;
	begin += strlen(PAGE_BEGIN);
	*end = strstr(begin, PAGE_END);
	return *end ? begin : NULL;
}

void page_check(const char *name, const char *text, const struct build *builds,
		size_t count, struct complaints *broken)
{
	const char *end, *table = table_find(text, &end);
	const struct verdict *v;
	size_t n;

	if (!table) {
		complain(broken, "%s: no table between the comments", name);
		return;
	}
	for (n = 0; (v = row_of(builds, count, n)); n++) {
		const char *row = row_find(table, end, v->entry->name);

		if (!row)
			complain(broken, "%s: no row for %s", name,
				 v->entry->name);
		else if (strtoull(column(row, 2), NULL, 10) != v->limit)
			complain(broken, "%s: %s: the limit is %llu", name,
				 v->entry->name, ULL(v->limit));
		for (size_t i = 0; row && i < count; i++)
			row_check(name, row, &builds[i], i + 3, v->entry->name,
				  broken);
	}
	rows_count(name, table, end, n, broken);
}

char *page_update(struct pool *pool, const char *text,
		  const struct build *builds, size_t count)
{
	const char *end, *table = table_find(text, &end);
	char *made = NULL, *whole;
	size_t size = 0;
	FILE *to;

	if (!table)
		return NULL;
	to = open_memstream(&made, &size);
	if (!to)
		return NULL;
	page_table(to, builds, count);
	fclose(to);
	whole = pool_print(pool, "%.*s%s%s", (int)(table - text), text,
			   made ? made : "", end);
	free(made);
	return whole;
}

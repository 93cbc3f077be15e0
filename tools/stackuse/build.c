/* SPDX-License-Identifier: MIT */
/* Entries, gates, and what must not be left over. */
#include "tools/stackuse/build.h"

#include <stdlib.h>
#include <string.h>

#define ULL(v) ((unsigned long long)(v))

static bool in_build(const struct rule *entry, const struct build *b)
{
	return entry->kind == RULE_ENTRY &&
	       (!entry->build || !strcmp(entry->build, b->name));
}

static void limit_find(struct verdict *v, struct rules *rules,
		       const struct numbers *numbers, struct complaints *wrong)
{
	struct rule *limit = rules_find(rules, RULE_LIMIT, v->entry->limit);

	if (!limit) {
		complain(wrong, "rule %u: no limit %s", v->entry->line,
			 v->entry->limit);
		return;
	}
	limit->used = true;
	if (numbers_value(numbers, limit->text, &v->limit) && v->limit)
		return;
	complain(wrong, "rule %u: %s is no number", limit->line, limit->text);
}

static void entries_walk(struct build *b, struct rules *rules,
			 const struct numbers *numbers,
			 struct complaints *wrong)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct rule *r = &rules->items[i];
		struct verdict *v;

		if (!in_build(r, b))
			continue;
		r->used = true;
		v = POOL_ADD(b->pool, &b->verdicts);
		v->entry = r;
		limit_find(v, rules, numbers, wrong);
		depths_find(&v->depths, &b->graph, rules, r, b->name, wrong);
		v->known = v->limit && v->depths.first != DEPTH_NONE;
	}
	if (!b->verdicts.count)
		complain(wrong, "%s: the rules name no entry point", b->name);
}

static bool is_reached(const struct build *b, uint32_t function)
{
	for (size_t i = 0; i < b->verdicts.count; i++)
		if (depths_reached(&b->verdicts.items[i].depths, function))
			return true;
	return false;
}

static bool frame_has_reason(struct rules *rules, const struct function *f)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct rule *r = &rules->items[i];

		if (r->kind != RULE_FRAME || !graph_means(f, r->name))
			continue;
		r->used = true;
		return true;
	}
	return false;
}

/* Code that no entry reaches is run by somebody nobody thought of. */
static void functions_check(struct build *b, struct rules *rules,
			    struct complaints *wrong, struct complaints *broken)
{
	for (uint32_t i = 0; i < b->graph.count; i++) {
		const struct function *f = &b->graph.items[i];
		bool reached = is_reached(b, i);

		if (!reached && f->linked && f->from == FRAME_COMPILER)
			complain(wrong, "%s: %s is reached from no entry point",
				 b->name, f->title);
		if (reached && f->frame > FRAME_LIMIT &&
		    !frame_has_reason(rules, f))
			complain(broken,
				 "%s: %s (%s) has a frame of %llu "
				 "bytes, and no rule says why",
				 b->name, f->title, f->where, ULL(f->frame));
	}
}

static void limits_check(const struct build *b, struct complaints *broken)
{
	for (size_t i = 0; i < b->verdicts.count; i++) {
		const struct verdict *v = &b->verdicts.items[i];

		/* Three quarters, and nothing here can overflow. */
		if (v->known && v->depths.depth > v->limit - v->limit / 4)
			complain(broken,
				 "%s: %s: %llu bytes, more than three "
				 "quarters of %llu",
				 b->name, v->entry->name, ULL(v->depths.depth),
				 ULL(v->limit));
	}
}

void build_judge(struct build *build, struct rules *rules,
		 const struct numbers *numbers, struct sources *sources,
		 struct complaints *wrong, struct complaints *broken)
{
	struct resolver r = { &build->graph, &build->binary, rules,
			      sources,	     build->name,    wrong };

	resolve(&r);
	entries_walk(build, rules, numbers, wrong);
	functions_check(build, rules, wrong, broken);
	limits_check(build, broken);
}

static void words_rot(const struct rule *r, const struct words *words,
		      const char *name, struct complaints *wrong)
{
	for (size_t i = 0; i < words->count; i++)
		if (!(words->used >> i % 64 & 1))
			complain(wrong,
				 "%s:%u: %s: nothing of that name is "
				 "met",
				 name, r->line, words->items[i]);
}

void rules_rot(const struct rules *rules, const char *name,
	       struct complaints *wrong)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *r = &rules->items[i];

		if (!r->used && r->kind != RULE_NUMBERS)
			complain(wrong, "%s:%u: no build needs this rule", name,
				 r->line);
		if (r->kind == RULE_BOUND || r->kind == RULE_PUSHES)
			words_rot(r, &r->words, name, wrong);
		words_rot(r, &r->through, name, wrong);
		words_rot(r, &r->without, name, wrong);
	}
}

static const struct graph *sorting; /* qsort passes no context */

static int compare(const void *a, const void *b)
{
	const struct function *x = &sorting->items[*(const uint32_t *)a];
	const struct function *y = &sorting->items[*(const uint32_t *)b];

	if (x->frame != y->frame)
		return x->frame > y->frame ? -1 : 1;
	return strcmp(x->title, y->title);
}

void build_heavy(const struct build *build, struct heavy_list *out)
{
	for (uint32_t i = 0; i < build->graph.count; i++)
		if (is_reached(build, i))
			*POOL_ADD(build->pool, out) = i;
	sorting = &build->graph;
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), compare);
}

uint64_t verdict_percent(const struct verdict *v)
{
	return (v->depths.depth * 100 + v->limit - 1) / v->limit;
}

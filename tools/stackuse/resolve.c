/* SPDX-License-Identifier: MIT */
/* Rules are tried in their order; the first that fits a call is its answer. */
#include "tools/stackuse/resolve.h"

#include <stdlib.h>
#include <string.h>

static void assembly_add(struct resolver *r, struct rule *rule)
{
	uint32_t index = graph_get(r->graph, rule->name);
	struct function *f = &r->graph->items[index];

	if (!binary_function(r->binary, f))
		return;
	if (f->from != FRAME_UNKNOWN) {
		complain(r->wrong, "%s: rule %u: %s has code by gcc", r->name,
			 rule->line, rule->name);
		return;
	}
	rule->used = true;
	f->from = FRAME_STATED;
	f->frame = rule->value;
	f->where = "assembly";
	for (size_t i = 0; i < rule->words.count; i++) {
		uint32_t to = graph_get(r->graph, rule->words.items[i]);

		graph_call(r->graph, index, to, "");
	}
}

/* gcc does not look into inline assembly, wherever it was inlined. */
static void pushes_add(struct resolver *r, struct rule *rule)
{
	for (size_t i = 0; i < r->graph->count; i++) {
		struct function *f = &r->graph->items[i];

		if (f->from != FRAME_COMPILER || !f->linked ||
		    !words_mean(&rule->words, f))
			continue;
		f->frame += rule->value;
		rule->used = true;
	}
}

/* One body may have several names; gcc's graph knows it by one of them. */
static void aliases_join(struct resolver *r)
{
	for (size_t i = 0; i < r->graph->count; i++) {
		struct function *f = &r->graph->items[i];
		const struct symbol *s = binary_function(r->binary, f);
		struct call_list same = { NULL, 0, 0 };

		if (f->from != FRAME_UNKNOWN || !s ||
		    !binary_functions_at(r->binary, r->graph, s->value, &same))
			continue;
		for (size_t n = 0; n < same.count; n++)
			graph_call(r->graph, (uint32_t)i, same.items[n].to, "");
		if (same.count) {
			f->from = FRAME_STATED; /* its own frame is none */
			f->where = "alias";
			f->linked = true;
		}
	}
}

/* `platform->*` means every member; what the star stands for goes to *rest. */
static bool fits(const char *pattern, const char *text, const char **rest)
{
	size_t size = strlen(pattern);

	*rest = "";
	if (!size || pattern[size - 1] != '*')
		return !strcmp(pattern, text);
	*rest = text + size - 1;
	return !strncmp(pattern, text, size - 1) && **rest;
}

/* Where slot stands in the table; false has been complained about. */
static bool slot_find(struct resolver *r, const char *table, size_t size,
		      const char *slot, uint64_t *n)
{
	const char *symbol = pool_text(r->graph->pool, table, size);
	struct rule *rule = rules_find(r->rules, RULE_SLOTS, symbol);
	struct words members = { NULL, 0, 0, 0 };
	const struct symbol *s;
	const char *text, *why;

	s = binary_table(r->binary, symbol, &why);
	text = rule ? source_text(r->sources, rule->header) : NULL;
	if (!s || !text ||
	    !source_members(r->graph->pool, text, rule->text, &members)) {
		complain(r->wrong, "%s: %s: %s", r->name, symbol,
			 s ? "its slots are not known" : why);
		return false;
	}
	rule->used = true;
	if (members.count * 8 != s->size) {
		complain(r->wrong, "%s: %s has %llu bytes, not %zu pointers",
			 r->name, symbol, (unsigned long long)s->size,
			 members.count);
		return false;
	}
	for (*n = 0; *n < members.count; (*n)++)
		if (!strcmp(members.items[*n], slot))
			return true;
	complain(r->wrong, "%s: %s has no slot %s", r->name, symbol, slot);
	return false;
}

/* NAME[] is every pointer in the table, NAME.SLOT is one of them. */
static void table_add(struct resolver *r, uint32_t from, const char *where,
		      const char *target, const char *rest)
{
	const char *why, *dot = strrchr(target, '.');
	const struct symbol *s = binary_table(r->binary, target, &why);
	struct call_list found = { NULL, 0, 0 };
	uint64_t first = 0, end;

	/* FILE:NAME[] has a dot of the file's name. */
	if (target[strlen(target) - 1] == ']')
		dot = NULL;
	if (!s) {
		complain(r->wrong, "%s: %s: %s", r->name, target, why);
		return;
	}
	end = s->size / 8;
	if (dot) {
		const char *slot = strcmp(dot, ".*") ? dot + 1 : rest;

		if (!slot_find(r, target, (size_t)(dot - target), slot, &first))
			return;
		end = first + 1;
	}
	for (; first < end; first++)
		if (!binary_functions_at(r->binary, r->graph,
					 binary_word(r->binary, s, first),
					 &found))
			complain(r->wrong, "%s: %s: word %llu is no function",
				 r->name, target, (unsigned long long)first);
	if (!found.count)
		complain(r->wrong, "%s: %s: holds no function", r->name,
			 target);
	for (size_t i = 0; i < found.count; i++)
		graph_call(r->graph, from, found.items[i].to, where);
}

static void function_add(struct resolver *r, uint32_t from, const char *where,
			 const char *target)
{
	bool found = false;

	for (size_t i = 0; i < r->graph->count; i++) {
		const struct function *f = &r->graph->items[i];

		if (f->from == FRAME_UNKNOWN || !f->linked ||
		    !graph_means(f, target))
			continue;
		graph_call(r->graph, from, (uint32_t)i, where);
		found = true;
	}
	if (!found)
		complain(r->wrong, "%s: %s: the image has no such function",
			 r->name, target);
}

static void target_add(struct resolver *r, uint32_t from, const char *where,
		       const char *target, const char *rest)
{
	if (strchr(target, '[') ||
	    strchr(strrchr(target, ':') ? strrchr(target, ':') : target, '.'))
		table_add(r, from, where, target, rest);
	else
		function_add(r, from, where, target);
}

/* argument N of FUNCTION */
static bool is_argument(const struct rule *rule)
{
	const struct words *w = &rule->words;

	return w->count == 4 && !strcmp(w->items[0], "argument") &&
	       !strcmp(w->items[2], "of");
}

/* NULL: no rule speaks of this expression in this file. */
static struct rule *rule_for(struct resolver *r, const char *file,
			     const char *text, const char **rest)
{
	for (size_t i = 0; i < r->rules->count; i++) {
		struct rule *rule = &r->rules->items[i];

		if (rule->kind != RULE_CALL ||
		    (strcmp(rule->name, "*") != 0 &&
		     strcmp(rule->name, file) != 0) ||
		    !fits(rule->text, text, rest))
			continue;
		rule->used = true;
		return rule;
	}
	return NULL;
}

static void targets_add(struct resolver *r, uint32_t from, const char *where,
			const struct rule *rule, const char *rest)
{
	for (size_t n = 0; n < rule->words.count; n++)
		target_add(r, from, where, rule->words.items[n], rest);
}

/* What one caller passes: a function's name, or what a rule knows. */
static void given_add(struct resolver *r, uint32_t from, const char *where,
		      const struct rule *rule, const char *given)
{
	struct rule *known;
	const char *rest;

	given += *given == '&';
	if (!strpbrk(given, ".->[(")) {
		function_add(r, from, where, given);
		return;
	}
	known = rule_for(r, rule->name, given, &rest);
	if (known && !is_argument(known))
		targets_add(r, from, where, known, rest);
	else
		complain(r->wrong,
			 "%s: %s is called with %s, and no rule says "
			 "what that is",
			 r->name, rule->words.items[3], given);
}

static void argument_add(struct resolver *r, uint32_t from, const char *where,
			 const struct rule *rule)
{
	unsigned int n = (unsigned int)strtoul(rule->words.items[1], NULL, 10);
	const char *function = rule->words.items[3];
	const char *text = source_text(r->sources, rule->name);
	struct words found = { NULL, 0, 0, 0 };
	size_t size = strlen(rule->name);

	/* Others may call what is not static, with what we do not see. */
	if (graph_find(r->graph, function) != GRAPH_NONE || size < 2 ||
	    strcmp(rule->name + size - 2, ".c") != 0)
		complain(r->wrong,
			 "%s: rule %u: %s is no static function of %s", r->name,
			 rule->line, function, rule->name);
	if (!n || !text ||
	    !source_arguments(r->graph->pool, text, function, n, &found) ||
	    !found.count)
		complain(r->wrong,
			 "%s: rule %u: cannot tell what %s is called "
			 "with",
			 r->name, rule->line, function);
	for (size_t i = 0; i < found.count; i++)
		given_add(r, from, where, rule, found.items[i]);
}

static void indirect_resolve(struct resolver *r, uint32_t from,
			     const char *where)
{
	const char *file = "", *text, *rest;
	const struct rule *rule;

	text = source_expression(r->sources, where, &file);
	if (!text) {
		complain(r->wrong,
			 "%s: %s: a call through a pointer that the "
			 "source does not show, in %s",
			 r->name, where, r->graph->items[from].title);
		return;
	}
	rule = rule_for(r, file, text, &rest);
	if (!rule)
		complain(r->wrong, "%s: %s: no rule says what %s calls, in %s",
			 r->name, where, text, r->graph->items[from].title);
	else if (is_argument(rule))
		argument_add(r, from, where, rule);
	else
		targets_add(r, from, where, rule, rest);
}

/* A part that gcc moved away from its function shares its frame. */
static bool is_part(const struct resolver *r, const struct symbol *s)
{
	const char *cold = strstr(s->name, ".cold");

	return cold &&
	       graph_find(r->graph, pool_text(r->graph->pool, s->name,
					      (size_t)(cold - s->name))) !=
		       GRAPH_NONE;
}

/* An object whose graph is missing would be missing from every figure. */
static void image_check(struct resolver *r)
{
	for (size_t i = 0; i < r->binary->count; i++) {
		const struct symbol *s = &r->binary->items[i];
		struct call_list found = { NULL, 0, 0 };

		if (s->type != STT_FUNC || is_part(r, s))
			continue;
		if (!binary_functions_at(r->binary, r->graph, s->value, &found))
			complain(r->wrong,
				 "%s: %s is in the image, but in no "
				 "call graph and no rule",
				 r->name, s->name);
	}
}

static void links_mark(struct resolver *r)
{
	for (size_t i = 0; i < r->graph->count; i++) {
		struct function *f = &r->graph->items[i];

		f->linked = f->from != FRAME_UNKNOWN &&
			    binary_function(r->binary, f);
	}
}

void resolve(struct resolver *r)
{
	for (size_t i = 0; i < r->rules->count; i++)
		if (r->rules->items[i].kind == RULE_ASSEMBLY)
			assembly_add(r, &r->rules->items[i]);
	links_mark(r);
	for (size_t i = 0; i < r->rules->count; i++)
		if (r->rules->items[i].kind == RULE_PUSHES)
			pushes_add(r, &r->rules->items[i]);
	aliases_join(r);
	image_check(r);
	/* The list of calls grows meanwhile, by targets that are no pointers. */
	for (uint32_t i = 0; i < r->graph->count; i++) {
		for (size_t n = 0; n < r->graph->items[i].calls.count; n++) {
			struct call c = r->graph->items[i].calls.items[n];

			if (c.to == GRAPH_NONE && r->graph->items[i].linked)
				indirect_resolve(r, i, c.where);
		}
	}
}

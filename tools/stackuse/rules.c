/* SPDX-License-Identifier: MIT */
/* Lines to words, words to rules. */
#include "tools/stackuse/rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* One line as words; at is the next one to be read. */
struct line {
	struct words words;
	size_t at;
	unsigned int number;
	struct pool *pool;
};

/* Cuts words off text up to the end of the line; returns that end. */
static const char *line_split(struct line *l, const char *text)
{
	for (;;) {
		size_t size;

		text += strspn(text, " \t\r");
		if (*text == '#')
			text += strcspn(text, "\n");
		if (!*text || *text == '\n')
			return text;
		if (*text == '"') {
			text++;
			size = strcspn(text, "\"\n");
		} else {
			size = strcspn(text, " \t\r\n");
		}
		*POOL_ADD(l->pool, &l->words) = pool_text(l->pool, text, size);
		text += size + (text[size] == '"');
	}
}

/* Reads a line with what continues it; false at the end of the text. */
static bool line_read(struct line *l, const char **text, unsigned int *number)
{
	*l = (struct line){ .pool = l->pool };
	while (**text) {
		if (!l->words.count)
			l->number = *number;
		*text = line_split(l, *text);
		if (**text) {
			(*text)++;
			(*number)++;
		}
		if (l->words.count && **text != ' ' && **text != '\t')
			return true;
	}
	return l->words.count > 0;
}

static const char *next(struct line *l)
{
	return l->at < l->words.count ? l->words.items[l->at++] : NULL;
}

static bool next_is(struct line *l, const char *word)
{
	if (l->at == l->words.count || strcmp(l->words.items[l->at], word) != 0)
		return false;
	l->at++;
	return true;
}

static bool is_keyword(const char *word)
{
	static const char *const keywords[] = { "because", "through",
						"without", "interrupted",
						"limit",   "in",
						"calls",   "=" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (!strcmp(word, keywords[i]))
			return true;
	return false;
}

/* Words up to the next keyword: at least one. */
static bool next_words(struct line *l, struct words *out)
{
	while (l->at < l->words.count && !is_keyword(l->words.items[l->at]))
		*POOL_ADD(l->pool, out) = l->words.items[l->at++];
	return out->count > 0;
}

/* All that is left, as one text with single blanks. */
static bool next_rest(struct line *l, const char **out)
{
	const char *text = next(l), *word;

	if (!text)
		return false;
	while ((word = next(l)))
		text = pool_print(l->pool, "%s %s", text, word);
	*out = text;
	return true;
}

static bool next_number(struct line *l, uint64_t *value)
{
	const char *word = next(l);
	char *end;

	if (!word || !isdigit((unsigned char)*word) || strlen(word) > 9)
		return false;
	*value = strtoull(word, &end, 10);
	return !*end;
}

static bool read_because(struct line *l, struct rule *r)
{
	return next_is(l, "because") && next_rest(l, &r->because);
}

static bool read_entry(struct line *l, struct rule *r)
{
	if (!next_is(l, "=") || !(r->text = next(l)))
		return false;
	if (next_is(l, "through") && !next_words(l, &r->through))
		return false;
	if (next_is(l, "without") && !next_words(l, &r->without))
		return false;
	if (next_is(l, "interrupted") &&
	    !(next_number(l, &r->value) && r->value > 0 && next_is(l, "by") &&
	      (r->interrupt = next(l))))
		return false;
	if (!next_is(l, "limit") || !(r->limit = next(l)))
		return false;
	return !next_is(l, "in") || (r->build = next(l)) != NULL;
}

static bool read_numbers(struct line *l, struct rule *r)
{
	return (r->name = next(l)) != NULL;
}

static bool read_limit(struct line *l, struct rule *r)
{
	return (r->name = next(l)) && next_is(l, "=") && next_rest(l, &r->text);
}

static bool read_assembly(struct line *l, struct rule *r)
{
	return (r->name = next(l)) && next_number(l, &r->value) &&
	       (!next_is(l, "calls") || next_words(l, &r->words));
}

static bool read_slots(struct line *l, struct rule *r)
{
	return (r->name = next(l)) && next_is(l, "=") && (r->text = next(l)) &&
	       next_is(l, "in") && (r->header = next(l));
}

static bool read_call(struct line *l, struct rule *r)
{
	return (r->name = next(l)) && (r->text = next(l)) && next_is(l, "=") &&
	       next_words(l, &r->words);
}

static bool read_bound(struct line *l, struct rule *r)
{
	return next_number(l, &r->value) && r->value > 0 &&
	       next_words(l, &r->words) && read_because(l, r);
}

static bool read_frame(struct line *l, struct rule *r)
{
	return (r->name = next(l)) && read_because(l, r);
}

static bool read_named_entry(struct line *l, struct rule *r)
{
	return (r->name = next(l)) && read_entry(l, r);
}

static const struct {
	const char *keyword;
	enum rule_kind kind;
	bool (*read)(struct line *l, struct rule *r);
} forms[] = {
	{ "numbers", RULE_NUMBERS, read_numbers },
	{ "limit", RULE_LIMIT, read_limit },
	{ "assembly", RULE_ASSEMBLY, read_assembly },
	{ "pushes", RULE_PUSHES, read_bound },
	{ "slots", RULE_SLOTS, read_slots },
	{ "call", RULE_CALL, read_call },
	{ "bound", RULE_BOUND, read_bound },
	{ "frame", RULE_FRAME, read_frame },
	{ "entry", RULE_ENTRY, read_named_entry },
};

static bool rule_read(struct line *l, struct rule *r)
{
	const char *keyword = next(l);

	r->line = l->number;
	if (!keyword)
		return false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (strcmp(keyword, forms[i].keyword) != 0)
			continue;
		r->kind = forms[i].kind;
		return forms[i].read(l, r) && l->at == l->words.count;
	}
	return false;
}

enum err rules_read(struct rules *rules, const char *name, const char *text,
		    struct complaints *wrong)
{
	struct line line = { .pool = rules->pool };
	unsigned int number = 1;
	size_t before = wrong->count;

	while (line_read(&line, &text, &number)) {
		struct rule *r = POOL_ADD(rules->pool, rules);

		if (rule_read(&line, r))
			continue;
		complain(wrong, "%s:%u: not a rule: %s", name, line.number,
			 line.words.items[0]);
		rules->count--;
	}
	return wrong->count == before ? OK : ERR_FORMAT;
}

struct rule *rules_find(struct rules *rules, enum rule_kind kind,
			const char *name)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].kind == kind &&
		    !strcmp(rules->items[i].name, name))
			return &rules->items[i];
	return NULL;
}

bool words_mean(struct words *words, const struct function *f)
{
	for (size_t i = 0; i < words->count; i++) {
		if (!graph_means(f, words->items[i]))
			continue;
		words->used |= 1ull << i % 64;
		return true;
	}
	return false;
}

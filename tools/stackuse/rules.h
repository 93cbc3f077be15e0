/* SPDX-License-Identifier: MIT */
/*
 * What gcc cannot know about stacks, written by people: the rules file. A line
 * each; a line that begins with a blank continues the one before; # begins a
 * comment; "..." is one word. See stackuse(1) for what the lines mean.
 *
 *	numbers HEADER
 *	limit NAME = EXPRESSION
 *	assembly FUNCTION BYTES [calls FUNCTION...]
 *	pushes BYTES FUNCTION... because WORDS
 *	slots TABLE = STRUCT in HEADER
 *	call FILE EXPRESSION = TARGET...
 *	bound COUNT FUNCTION... because WORDS
 *	frame FUNCTION because WORDS
 *	entry NAME = FUNCTION [through FUNCTION...] [without FUNCTION...]
 *		[interrupted COUNT by FUNCTION] limit NAME [in BUILD]
 */
#pragma once

#include "tools/stackuse/graph.h"

struct words {
	const char **items;
	size_t count, room;
	uint64_t used; /* bit n: items[n] meant some function */
};

enum rule_kind {
	RULE_NUMBERS,
	RULE_LIMIT,
	RULE_ASSEMBLY,
	RULE_PUSHES,
	RULE_SLOTS,
	RULE_CALL,
	RULE_BOUND,
	RULE_FRAME,
	RULE_ENTRY,
};

struct rule {
	enum rule_kind kind;
	unsigned int line;
	const char *name;      /* first word after the keyword */
	const char *text;      /* expression, struct, starting function */
	uint64_t value;	       /* bytes or count */
	struct words words;    /* functions or targets */
	struct words through;  /* entry */
	struct words without;  /* entry */
	const char *interrupt; /* entry: what may come anywhere, or NULL */
	const char *limit;     /* entry */
	const char *build;     /* entry; NULL: all */
	const char *header;    /* slots */
	const char *because;   /* never empty where the form asks for it */
	bool used;	       /* it was needed in some build */
};

struct rules {
	struct pool *pool;
	struct rule *items;
	size_t count, room;
};

/* ERR_FORMAT: every broken line has been complained about, as name:LINE. */
must_check enum err rules_read(struct rules *rules, const char *name,
			       const char *text, struct complaints *wrong);
/* The rule of a kind with that name, NULL: none. */
struct rule *rules_find(struct rules *rules, enum rule_kind kind,
			const char *name);
/* Does one of the words mean f (graph_means)? Marks it as used. */
bool words_mean(struct words *words, const struct function *f);

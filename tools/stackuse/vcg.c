/* SPDX-License-Identifier: MIT */
/*
 * graph: { title: "..."  then  node: { key: "value" key : word ... }  and
 * edge: { ... } lines, and a last }. Keys that mean nothing to us are skipped.
 */
#include "tools/stackuse/vcg.h"

#include <ctype.h>
#include <string.h>

/* More would only be a way to make us work. */
#define KEY_MAX 32u

struct vcg_reader vcg_open(struct pool *pool, const void *text, size_t size)
{
	return (struct vcg_reader){
		.at = text,
		.end = (const char *)text + size,
		.line = 1,
		.pool = pool,
	};
}

static bool wrong(struct vcg_reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return false;
}

static void skip_space(struct vcg_reader *r)
{
	for (; r->at < r->end && isspace((unsigned char)*r->at); r->at++)
		r->line += *r->at == '\n';
}

static bool take_char(struct vcg_reader *r, char c)
{
	skip_space(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* A bare word; "" if there is none. */
static void take_word(struct vcg_reader *r, char word[KEY_MAX])
{
	size_t n = 0;

	skip_space(r);
	while (r->at < r->end && n + 1 < KEY_MAX &&
	       (isalnum((unsigned char)*r->at) || *r->at == '_'))
		word[n++] = *r->at++;
	word[n] = 0;
}

/* gcc writes a quote as \" and the end of a line as \n. */
static bool take_text(struct vcg_reader *r, const char **out)
{
	const char *start;
	char *text, *to;

	if (!take_char(r, '"'))
		return wrong(r, "a text in quotes is missing");
	start = r->at;
	while (r->at < r->end && *r->at != '"' && *r->at != '\n' && *r->at)
		r->at += *r->at == '\\' && r->end - r->at > 1 ? 2 : 1;
	if (r->at >= r->end || *r->at != '"')
		return wrong(r, "a text has no end");
	text = to = pool_text(r->pool, start, (size_t)(r->at - start));
	r->at++;
	for (const char *from = text; *from; from++) {
		bool escaped = *from == '\\' && from[1];

		from += escaped;
		*to = *from;
		if (escaped && *from == 'n')
			*to = '\n';
		to++;
	}
	*to = 0;
	*out = text;
	return true;
}

/* The given line of text, its length in *size; NULL: it has fewer. */
static const char *line_of(const char *text, unsigned int line, size_t *size)
{
	while (line--) {
		text = strchr(text, '\n');
		if (!text)
			return NULL;
		text++;
	}
	*size = strcspn(text, "\n");
	return text;
}

/* "208 bytes (static)", "(dynamic)" or "(dynamic,bounded)" */
static bool read_frame(struct vcg_reader *r, const char *text, size_t size,
		       struct vcg_item *item)
{
	const char *end = text + size;
	uint64_t value = 0;

	if (!size || !isdigit((unsigned char)*text))
		return wrong(r, "a node says no bytes");
	for (; text < end && isdigit((unsigned char)*text); text++) {
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > VCG_FRAME_MAX)
			return wrong(r, "a frame is larger than any stack");
	}
	size = (size_t)(end - text);
	if (size < 8 || memcmp(text, " bytes (", 8) != 0)
		return wrong(r, "a node says no bytes");
	text += 8;
	size -= 8;
	item->unbounded = size == 8 && !memcmp(text, "dynamic)", 8);
	if (!item->unbounded && !(size == 7 && !memcmp(text, "static)", 7)) &&
	    !(size == 16 && !memcmp(text, "dynamic,bounded)", 16)))
		return wrong(r, "an unknown kind of frame");
	item->frame = value;
	return true;
}

/* Name, place, and for a function with code here: bytes, dynamic objects. */
static bool read_label(struct vcg_reader *r, const char *label,
		       struct vcg_item *item)
{
	const char *place, *frame;
	size_t place_size = 0, frame_size = 0;

	place = line_of(label, 1, &place_size);
	frame = line_of(label, 2, &frame_size);
	item->where = place ? pool_text(r->pool, place, place_size) : "";
	item->defined = frame != NULL;
	return !frame || read_frame(r, frame, frame_size, item);
}

/* One `key: value` of an item's braces. */
static bool take_pair(struct vcg_reader *r, struct vcg_item *item,
		      const char **label)
{
	char key[KEY_MAX], word[KEY_MAX];
	const char *ignored, **to = &ignored;

	take_word(r, key);
	if (!key[0] || !take_char(r, ':'))
		return wrong(r, "a key is missing");
	if (!strcmp(key, "title") || !strcmp(key, "sourcename"))
		to = &item->title;
	else if (!strcmp(key, "targetname"))
		to = &item->target;
	else if (!strcmp(key, "label"))
		to = label;
	skip_space(r);
	if (to == &ignored && r->at < r->end && *r->at != '"') {
		take_word(r, word);
		return word[0] || wrong(r, "a value is missing");
	}
	return take_text(r, to);
}

static bool take_item(struct vcg_reader *r, struct vcg_item *item, bool edge)
{
	const char *label = NULL;

	if (!take_char(r, '{'))
		return wrong(r, "an opening brace is missing");
	while (!take_char(r, '}'))
		if (r->at == r->end || !take_pair(r, item, &label))
			return wrong(r, "the file ends inside an item");
	if (!item->title || !item->title[0])
		return wrong(r, "an item has no name");
	item->where = edge && label ? label : "";
	if (edge)
		return (item->target && item->target[0]) ||
		       wrong(r, "an edge leads nowhere");
	return !label || read_label(r, label, item);
}

static enum vcg_kind graph_open(struct vcg_reader *r, struct vcg_item *item)
{
	const char *label;

	if (!take_char(r, '{') || !take_pair(r, item, &label) || !item->title) {
		wrong(r, "a graph has no title");
		return VCG_WRONG;
	}
	r->in_graph = true;
	return VCG_GRAPH;
}

static enum vcg_kind graph_close(struct vcg_reader *r)
{
	r->in_graph = false;
	r->done = true;
	skip_space(r);
	if (r->at == r->end)
		return VCG_END;
	wrong(r, "something follows the graph");
	return VCG_WRONG;
}

enum vcg_kind vcg_next(struct vcg_reader *r, struct vcg_item *item)
{
	char word[KEY_MAX];
	bool edge;

	*item = (struct vcg_item){ .where = "" };
	if (r->why)
		return VCG_WRONG;
	if (r->done)
		return VCG_END;
	if (r->in_graph && take_char(r, '}'))
		return graph_close(r);
	take_word(r, word);
	if (take_char(r, ':')) {
		if (!r->in_graph && !strcmp(word, "graph"))
			return graph_open(r, item);
		edge = !strcmp(word, "edge");
		if (r->in_graph && (edge || !strcmp(word, "node")))
			return take_item(r, item, edge)
				       ? (edge ? VCG_EDGE : VCG_NODE)
				       : VCG_WRONG;
	}
	wrong(r, r->at >= r->end ? "the file ends early"
				 : "neither node nor edge");
	return VCG_WRONG;
}

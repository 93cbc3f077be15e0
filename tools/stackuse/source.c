/* SPDX-License-Identifier: MIT */
/* A scanner that knows comments, strings, brackets and names. */
#include "tools/stackuse/source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/file.h"

#define SOURCE_MAX     (16u << 20)
#define EXPRESSION_MAX 256u

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where the comment, string or character that begins at p ends; p itself if
 * none does. */
static const char *skip_quiet(const char *p)
{
	char quote = *p;

	if (p[0] == '/' && p[1] == '*') {
		const char *end = strstr(p + 2, "*/");

		return end ? end + 2 : p + strlen(p);
	}
	if (p[0] == '/' && p[1] == '/')
		return p + strcspn(p, "\n");
	if (quote != '"' && quote != '\'')
		return p;
	for (p++; *p && *p != quote; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p + 1 : p;
}

/* Comments and strings become blanks, so that nothing below meets them; the
 * places of everything else stay as they are. */
static void blank(char *text)
{
	char *end;

	for (char *p = text; *p; p = end > p ? end : p + 1) {
		end = p + (skip_quiet(p) - p);
		for (char *q = p; q < end; q++)
			*q = *q == '\n' ? '\n' : ' ';
	}
}

const char *source_text(struct sources *sources, const char *path)
{
	struct file_bytes bytes;
	struct source_file *f;
	char *text = NULL;

	for (size_t i = 0; i < sources->count; i++)
		if (!strcmp(sources->items[i].path, path))
			return sources->items[i].text;
	if (file_read(pool_print(sources->pool, "%s/%s", sources->root, path),
		      SOURCE_MAX, &bytes) == OK) {
		text = pool_text(sources->pool, (char *)bytes.bytes,
				 bytes.size);
		file_free(&bytes);
		blank(text);
	}
	f = POOL_ADD(sources->pool, sources);
	f->path = pool_text(sources->pool, path, strlen(path));
	f->text = text;
	return text;
}

/* The bracket that closes the one at p; NULL: none does. */
static const char *closing(const char *p)
{
	size_t depth = 0;

	for (; *p; p++) {
		if (strchr("([{", *p))
			depth++;
		else if (strchr(")]}", *p) && --depth == 0)
			return p;
	}
	return NULL;
}

/* Appends text without blanks; false: too long to be meant. */
static bool append(char to[EXPRESSION_MAX], size_t *size, const char *text,
		   const char *end)
{
	for (; text < end; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (*size + 1 >= EXPRESSION_MAX)
			return false;
		to[(*size)++] = *text;
	}
	to[*size] = 0;
	return true;
}

/* Names, members, indices, or one pair of parentheses first: (*f). */
static bool read_callee(const char *p, char to[EXPRESSION_MAX])
{
	const char *end;
	size_t size = 0;

	for (to[0] = 0; *p; p = end) {
		end = p + 1;
		if (*p == '[' || (*p == '(' && !size)) {
			end = closing(p);
			if (!end++)
				return false;
		} else if (*p == '(') {
			return true;
		} else if (p[0] == '-' && p[1] == '>') {
			end = p + 2;
		} else if (!is_name(*p) && *p != '.' &&
			   !isspace((unsigned char)*p)) {
			return false;
		}
		if (!append(to, &size, p, end))
			return false;
	}
	return false;
}

/* Splits FILE:LINE:COLUMN; false: another form. */
static bool split_where(struct pool *pool, const char *where, const char **file,
			unsigned long *line, unsigned long *column)
{
	const char *second = strrchr(where, ':'), *first = second;
	char *end;

	while (first && first > where && *--first != ':')
		;
	if (!first || first == where || first == second)
		return false;
	while (!strncmp(where, "./", 2))
		where += 2;
	*file = pool_text(pool, where, (size_t)(first - where));
	*line = strtoul(first + 1, &end, 10);
	if (end != second)
		return false;
	*column = strtoul(second + 1, &end, 10);
	return !*end && *line && *column;
}

const char *source_expression(struct sources *sources, const char *where,
			      const char **file)
{
	char found[EXPRESSION_MAX];
	unsigned long line, column;
	const char *text;

	if (!split_where(sources->pool, where, file, &line, &column))
		return NULL;
	text = source_text(sources, *file);
	if (!text)
		return NULL;
	while (--line) {
		text = strchr(text, '\n');
		if (!text++)
			return NULL;
	}
	if (strcspn(text, "\n") < column)
		return NULL;
	if (!read_callee(text + column - 1, found))
		return NULL;
	return pool_text(sources->pool, found, strlen(found));
}

/* The next place where name stands as a whole word. */
static const char *word_find(const char *text, const char *name)
{
	size_t size = strlen(name);

	for (const char *p = text; (p = strstr(p, name)); p += size)
		if ((p == text || !is_name(p[-1])) && !is_name(p[size]))
			return p;
	return NULL;
}

/* One member up to its ';': `T (*name)(...)` or `T *name`. */
static bool member_name(struct pool *pool, const char *p, const char *end,
			struct words *out)
{
	const char *name = NULL;
	size_t size;

	for (; p < end; p++) {
		if (*p == '(' && p[1] != '*') {
			p = closing(p);
			if (!p || p >= end)
				return false;
		} else if (*p == '*') {
			name = p + 1;
			if (p[-1] == '(')
				break;
		}
	}
	if (!name)
		return false;
	name += strspn(name, " \t\n");
	for (size = 0; is_name(name[size]); size++)
		;
	*POOL_ADD(pool, out) = pool_text(pool, name, size);
	return size > 0;
}

bool source_members(struct pool *pool, const char *text, const char *name,
		    struct words *out)
{
	const char *p = text, *end;

	for (; (p = word_find(p, name)); p += strlen(name)) {
		const char *brace = p + strlen(name);

		brace += strspn(brace, " \t\n");
		if (*brace == '{')
			break;
	}
	if (!p)
		return false;
	p = strchr(p, '{');
	end = p ? closing(p) : NULL;
	if (!end)
		return false;
	for (p++; p + strspn(p, " \t\n") < end;) {
		const char *stop = strchr(p, ';');

		if (!stop || stop > end || !member_name(pool, p, stop, out))
			return false;
		p = stop + 1;
	}
	return out->count > 0;
}

/* The n-th of the arguments in the parentheses at p. */
static bool argument_take(struct pool *pool, const char *p, unsigned int n,
			  struct words *out)
{
	const char *end = closing(p), *start = p + 1;
	char found[EXPRESSION_MAX];
	size_t size = 0;

	if (!end)
		return false;
	for (p++; p <= end; p++) {
		if (p < end && strchr("([{", *p)) {
			p = closing(p);
			if (!p)
				return false;
		} else if (*p == ',' || p == end) {
			if (!--n)
				break;
			start = p + 1;
		}
	}
	if (n || !append(found, &size, start, p) || !size)
		return false;
	*POOL_ADD(pool, out) = pool_text(pool, found, size);
	return true;
}

bool source_arguments(struct pool *pool, const char *text, const char *function,
		      unsigned int n, struct words *out)
{
	const char *p = text, *found = word_find(text, function);
	size_t depth = 0;

	for (; found; p++) {
		depth += *p == '{';
		depth -= *p == '}' && depth;
		if (p != found)
			continue;
		p += strlen(function);
		p += strspn(p, " \t\n");
		found = word_find(p, function);
		/* Outside of braces it is being declared, not called. */
		if (*p == '(' && !depth)
			continue;
		if (*p != '(' || !argument_take(pool, p, n, out))
			return false;
		p--;
	}
	return true;
}

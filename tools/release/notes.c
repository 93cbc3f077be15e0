/* SPDX-License-Identifier: MIT */
/* Changes in three classes, the most troublesome first. */
#include "tools/release/notes.h"

#include <stdbool.h>
#include <string.h>

/* Tells the three classes to those who read no docs. */
static const char *const meanings[] = {
	[IMPACT_IMAGE] = "images built before go on working as they are",
	[IMPACT_GUEST] = "images are built anew, guests notice nothing",
	[IMPACT_BREAKING] = "a guest, a host or a verifier has to change",
};

void notes_commit(const struct commit *c, FILE *to)
{
	/* A subject must not end the line, nor steer a terminal. */
	for (const char *p = c->subject; *p; p++)
		fputc((unsigned char)*p < ' ' || *p == 0x7f ? '?' : *p, to);
	fprintf(to, " (%.*s)\n", COMMIT_SHORT, c->hash);
}

/* The process's own commits say nothing to a reader. */
static bool is_told(const struct commit *c)
{
	return !c->freeze[0];
}

enum impact notes_impact(const struct commits *in)
{
	enum impact worst = IMPACT_IMAGE;
	const char *note;

	for (size_t i = 0; i < in->count; i++) {
		enum impact one = commit_impact(&in->list[i], &note);

		if (one > worst)
			worst = one;
	}
	return worst;
}

static void section(const struct commits *in, enum impact impact, FILE *to)
{
	bool begun = false;
	const char *note;

	for (size_t i = 0; i < in->count; i++) {
		const struct commit *c = &in->list[i];

		if (commit_impact(c, &note) != impact || !is_told(c))
			continue;
		if (!begun)
			fprintf(to, "\n%s: %s\n\n", impact_word(impact),
				meanings[impact]);
		begun = true;
		fprintf(to, "- ");
		notes_commit(c, to);
		if (note)
			fprintf(to, "  (%s)\n", note);
	}
}

void notes_write(const struct notes *n, FILE *to)
{
	fprintf(to, "Coir %s\n\n", n->name);
	fprintf(to, "Impact: %s\n", impact_word(notes_impact(n->in)));
	if (n->since)
		fprintf(to, "Since %s: %zu commits\n", n->since, n->in->count);
	else
		fprintf(to, "The first release: %zu commits\n", n->in->count);
	fprintf(to, "%s", n->remarks);
	for (int i = IMPACT_BREAKING; i >= IMPACT_IMAGE; i--)
		section(n->in, (enum impact)i, to);
}

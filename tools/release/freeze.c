/* SPDX-License-Identifier: MIT */
/* Is there a freeze, and was it kept? */
#include "tools/release/freeze.h"

#include <string.h>

#include "tools/release/notes.h"

struct freeze freeze_find(const struct commits *since_release)
{
	for (size_t i = 0; i < since_release->count; i++) {
		const struct commit *c = &since_release->list[i];

		if (strcmp(c->freeze, "close") == 0)
			break;
		if (strcmp(c->freeze, "open") == 0)
			return (struct freeze){ true, c->hash, c->time };
	}
	return (struct freeze){ .open = false };
}

static bool is_listed(const struct commits *list, const char *hash)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->list[i].hash, hash) == 0)
			return true;
	return false;
}

static unsigned int judge(const struct commits *list,
			  const struct commits *before, FILE *to)
{
	unsigned int bad = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct commit *c = &list->list[i];

		if (commit_is_fix(c) || (before && is_listed(before, c->hash)))
			continue;
		fprintf(to, "no fix: ");
		notes_commit(c, to);
		bad++;
	}
	return bad;
}

unsigned int freeze_judge(const struct freeze *f, const struct commits *frozen,
			  const struct commits *week, int64_t now, FILE *to)
{
	unsigned int bad = 0;

	if (!f->open) {
		fprintf(to, "no freeze is open\n");
		bad++;
	} else if (now - f->since < FREEZE_SECONDS) {
		fprintf(to, "the freeze is younger than %d days\n",
			FREEZE_DAYS);
		bad++;
	}
	if (f->open)
		bad += judge(frozen, NULL, to);
	return bad + judge(week, f->open ? frozen : NULL, to);
}

/* SPDX-License-Identifier: MIT */
/* Tables, trees and JSON. */
#include "tools/stackuse/report.h"

#include "tools/stackuse/tree.h"

#define HEAVY  10u
#define ULL(v) ((unsigned long long)(v))

void report_text(FILE *to, const struct build *build)
{
	struct heavy_list heavy = { NULL, 0, 0 };

	fprintf(to, "%s: entry points\n", build->name);
	for (size_t i = 0; i < build->verdicts.count; i++) {
		const struct verdict *v = &build->verdicts.items[i];

		if (v->known)
			fprintf(to, "  %-34s %6llu of %6llu bytes, %3llu %%\n",
				v->entry->name, ULL(v->depths.depth),
				ULL(v->limit), ULL(verdict_percent(v)));
		else
			fprintf(to, "  %-34s not known\n", v->entry->name);
	}
	build_heavy(build, &heavy);
	fprintf(to, "%s: heaviest functions\n", build->name);
	for (size_t i = 0; i < heavy.count && i < HEAVY; i++) {
		const struct function *f = &build->graph.items[heavy.items[i]];

		fprintf(to, "  %6llu  %s (%s)\n", ULL(f->frame), f->symbol,
			f->where);
	}
}

/* Own frame, what callers used so far with it, then the name. */
void report_tree(FILE *to, const struct build *build)
{
	for (size_t i = 0; i < build->verdicts.count; i++) {
		const struct verdict *v = &build->verdicts.items[i];
		struct tree tree = { NULL, 0, 0 };

		tree_make(build->pool, &v->depths, &tree);
		fprintf(to, "%s: %s, %llu bytes\n   frame   used\n",
			build->name, v->entry->name, ULL(v->depths.depth));
		for (size_t n = 0; n < tree.count; n++) {
			const struct tree_line *l = &tree.items[n];

			fprintf(to, "  %6llu %6llu  %*s%s%s%s\n",
				ULL(l->function->frame),
				ULL(l->before + l->function->frame),
				(int)(2 * l->level), "",
				l->deepest ? "* " : "- ", l->function->symbol,
				l->again ? " (as above)" : "");
		}
	}
}

static void json_text(FILE *to, const char *text)
{
	fputc('"', to);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < ' ')
			fprintf(to, "\\u%04x", c);
		else
			fputc(c, to);
	}
	fputc('"', to);
}

static void json_path(FILE *to, const struct depths *d)
{
	const char *comma = "";
	uint32_t s = d->first;

	for (; s != DEPTH_NONE; s = d->states[s].next) {
		const struct function *f =
			&d->graph->items[d->states[s].function];

		fprintf(to, "%s{\"function\":", comma);
		json_text(to, f->title);
		fprintf(to, ",\"frame\":%llu}", ULL(f->frame));
		comma = ",";
	}
}

static void json_entries(FILE *to, const struct build *b)
{
	const char *comma = "";

	for (size_t i = 0; i < b->verdicts.count; i++) {
		const struct verdict *v = &b->verdicts.items[i];

		if (!v->known)
			continue;
		fprintf(to, "%s\n  {\"name\":", comma);
		json_text(to, v->entry->name);
		fprintf(to, ",\"depth\":%llu,\"limit\":%llu,\"path\":[",
			ULL(v->depths.depth), ULL(v->limit));
		json_path(to, &v->depths);
		fprintf(to, "]}");
		comma = ",";
	}
}

static void json_heavy(FILE *to, const struct build *b)
{
	struct heavy_list heavy = { NULL, 0, 0 };

	build_heavy(b, &heavy);
	for (size_t i = 0; i < heavy.count && i < HEAVY; i++) {
		fprintf(to, "%s\n  {\"name\":", i ? "," : "");
		json_text(to, b->graph.items[heavy.items[i]].title);
		fprintf(to, ",\"frame\":%llu}",
			ULL(b->graph.items[heavy.items[i]].frame));
	}
}

void report_json(FILE *to, const struct build *builds, size_t count)
{
	fprintf(to, "{");
	for (size_t i = 0; i < count; i++) {
		fprintf(to, "%s", i ? "," : "");
		json_text(to, builds[i].name);
		fprintf(to, ":{\"entries\":[");
		json_entries(to, &builds[i]);
		fprintf(to, "],\n \"heaviest\":[");
		json_heavy(to, &builds[i]);
		fprintf(to, "]}");
	}
	fprintf(to, "}\n");
}

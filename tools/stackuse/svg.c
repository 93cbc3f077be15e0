/* SPDX-License-Identifier: MIT */
/*
 * For every entry point a gauge against its limit, then an icicle drawn to the
 * scale of its own depth: dark is the function's frame, pale what lies below.
 */
#include "tools/stackuse/svg.h"

#include "tools/stackuse/tree.h"

#define MARGIN 16u
#define WIDTH  760u /* of the deepest path */
#define TEXTS  360u /* room for names right of it */
#define ROW    18u
#define HEAD   48u
#define ULL(v) ((unsigned long long)(v))

/* One entry point of one build with its rows. */
struct block {
	const struct build *build;
	const struct verdict *verdict;
	struct tree tree;
};

struct blocks {
	struct block *items;
	size_t count, room;
};

static void put_text(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", to);
		else if (*text == '>')
			fputs("&gt;", to);
		else if (*text == '&')
			fputs("&amp;", to);
		else if ((unsigned char)*text < ' ')
			fputc('?', to);
		else
			fputc(*text, to);
	}
}

/* Tenths of a pixel: pictures need no floating point. */
static void put_box(FILE *to, const char *look, uint64_t x, uint64_t y,
		    uint64_t width, uint64_t height)
{
	fprintf(to,
		"<rect class=\"%s\" x=\"%llu.%llu\" y=\"%llu\" width=\"%llu."
		"%llu\" height=\"%llu\"/>\n",
		look, ULL(x / 10), ULL(x % 10), ULL(y), ULL(width / 10),
		ULL(width % 10), ULL(height));
}

static void gauge(FILE *to, const struct verdict *v, uint64_t y)
{
	uint64_t depth = v->depths.depth < v->limit ? v->depths.depth
						    : v->limit;
	bool deep = v->depths.depth > v->limit - v->limit / 4;

	put_box(to, "limit", MARGIN * 10, y, WIDTH * 10, 8);
	put_box(to, deep ? "deep" : "good", MARGIN * 10, y,
		depth * WIDTH * 10 / v->limit, 8);
	put_box(to, "mark", MARGIN * 10 + WIDTH * 75 / 10, y, 10, 8);
}

static void row(FILE *to, const struct block *b, const struct tree_line *l,
		uint64_t y)
{
	uint64_t whole = b->verdict->depths.depth ? b->verdict->depths.depth
						  : 1;
	uint64_t x = MARGIN * 10 + l->before * WIDTH * 10 / whole;
	uint64_t own = l->function->frame * WIDTH * 10 / whole;

	fprintf(to, "<g><title>");
	put_text(to, l->function->title);
	fprintf(to,
		"%s: frame %llu, with callers %llu, with callees %llu</title>\n",
		l->again ? " (as above)" : "", ULL(l->function->frame),
		ULL(l->before + l->function->frame), ULL(l->depth));
	put_box(to, l->deepest ? "below" : "side", x, y,
		l->depth * WIDTH * 10 / whole, ROW - 2);
	put_box(to, l->deepest ? "own" : "sideown", x, y, own, ROW - 2);
	fprintf(to, "<text x=\"%llu\" y=\"%llu\">", ULL((x + own) / 10 + 3),
		ULL(y + 12));
	put_text(to, l->function->symbol);
	fprintf(to, " %llu</text></g>\n", ULL(l->function->frame));
}

static void block_write(FILE *to, const struct block *b, uint64_t y)
{
	const struct verdict *v = b->verdict;

	fprintf(to, "<text class=\"head\" x=\"%u\" y=\"%llu\">", MARGIN,
		ULL(y + 16));
	put_text(to, b->build->name);
	fputs(": ", to);
	put_text(to, v->entry->name);
	fprintf(to, ", %llu of %llu bytes, %llu %%", ULL(v->depths.depth),
		ULL(v->limit), ULL(verdict_percent(v)));
	fputs("</text>\n", to);
	gauge(to, v, y + 24);
	for (size_t i = 0; i < b->tree.count; i++)
		row(to, b, &b->tree.items[i], y + HEAD - 8 + i * ROW);
}

static uint64_t block_height(const struct block *b)
{
	return HEAD + b->tree.count * ROW + MARGIN;
}

static void blocks_make(const struct build *b, struct blocks *out)
{
	for (size_t i = 0; i < b->verdicts.count; i++) {
		struct block *block;

		if (!b->verdicts.items[i].known)
			continue;
		block = POOL_ADD(b->pool, out);
		block->build = b;
		block->verdict = &b->verdicts.items[i];
		tree_make(b->pool, &block->verdict->depths, &block->tree);
	}
}

static const char look[] =
	"<style>text{font:11px monospace;fill:#222}"
	".head{font:bold 14px sans-serif}.limit{fill:#ddd}.good{fill:#4a8}"
	".deep{fill:#c33}.mark{fill:#222}.own{fill:#e08040}.below{fill:#fbe3d0}"
	".sideown{fill:#7aa5c8}.side{fill:#e1ecf4}</style>\n";

void svg_write(FILE *to, const struct build *builds, size_t count)
{
	struct blocks blocks = { NULL, 0, 0 };
	uint64_t height = MARGIN, y = MARGIN;
	unsigned int width = MARGIN + WIDTH + TEXTS;

	for (size_t i = 0; i < count; i++)
		blocks_make(&builds[i], &blocks);
	for (size_t i = 0; i < blocks.count; i++)
		height += block_height(&blocks.items[i]);
	fprintf(to,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
		"width=\"%u\" height=\"%llu\" viewBox=\"0 0 %u %llu\">\n"
		"<title>Deepest stacks</title>\n%s",
		width, ULL(height), width, ULL(height), look);
	fprintf(to, "<rect width=\"%u\" height=\"%llu\" fill=\"#fff\"/>\n",
		width, ULL(height));
	for (size_t i = 0; i < blocks.count; i++) {
		block_write(to, &blocks.items[i], y);
		y += block_height(&blocks.items[i]);
	}
	fprintf(to, "</svg>\n");
}

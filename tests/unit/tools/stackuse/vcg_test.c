/* SPDX-License-Identifier: MIT */
/* gcc's call graphs as two versions write them, and all that may be broken. */
/* test-sources: tools/stackuse/vcg.c tools/stackuse/pool.c tools/common/say.c */
#include "tools/stackuse/vcg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Written by gcc 12.2 and, to the letter, by gcc 14.2. */
static const char sample[] =
	"graph: { title: \"t.c\"\n"
	"node: { title: \"tail\" label: \"tail\\nt.c:4:5\\n48 bytes "
	"(dynamic,bounded)\\n0 dynamic objects\" }\n"
	"node: { title: \"ext\" label: \"ext\\nt.c:3:12\" shape : ellipse }\n"
	"edge: { sourcename: \"tail\" targetname: \"ext\" label: \"t.c:4:26\" }\n"
	"node: { title: \"t.c:vla.part.0\" label: \"vla.part.0\\nt.c:6:5\\n32 "
	"bytes (dynamic)\\n1 dynamic objects\\n x t.c:6:23\" }\n"
	"node: { title: \"__divti3\" label: \"__divti3\\n<built-in>\" shape : "
	"ellipse }\n"
	"edge: { sourcename: \"t.c:vla.part.0\" targetname: \"__divti3\" }\n"
	"node: { title: \"__indirect_call\" label: \"Indirect Call "
	"Placeholder\" shape : ellipse }\n"
	"edge: { sourcename: \"tail\" targetname: \"__indirect_call\" label: "
	"\"t.c:11:37\" }\n"
	"node: { title: \"f2\" label: \"f2\\nt.c:12:62\\n8 bytes (static)\\n0 "
	"dynamic objects\" }\n"
	"}\n";

static void node_is(struct vcg_reader *r, const char *title, bool defined,
		    uint64_t frame, bool unbounded)
{
	struct vcg_item item;

	assert_int_equal(vcg_next(r, &item), VCG_NODE);
	assert_string_equal(item.title, title);
	assert_int_equal(item.defined, defined);
	assert_int_equal(item.frame, frame);
	assert_int_equal(item.unbounded, unbounded);
}

static void edge_is(struct vcg_reader *r, const char *from, const char *to,
		    const char *where)
{
	struct vcg_item item;

	assert_int_equal(vcg_next(r, &item), VCG_EDGE);
	assert_string_equal(item.title, from);
	assert_string_equal(item.target, to);
	assert_string_equal(item.where, where);
}

static void reads_what_gcc_writes(void **state)
{
	struct pool pool = { NULL };
	struct vcg_reader r = vcg_open(&pool, sample, strlen(sample));
	struct vcg_item item;

	(void)state;
	assert_int_equal(vcg_next(&r, &item), VCG_GRAPH);
	assert_string_equal(item.title, "t.c");
	node_is(&r, "tail", true, 48, false);
	node_is(&r, "ext", false, 0, false);
	edge_is(&r, "tail", "ext", "t.c:4:26");
	node_is(&r, "t.c:vla.part.0", true, 32, true);
	node_is(&r, "__divti3", false, 0, false);
	edge_is(&r, "t.c:vla.part.0", "__divti3", "");
	node_is(&r, VCG_INDIRECT, false, 0, false);
	edge_is(&r, "tail", VCG_INDIRECT, "t.c:11:37");
	assert_int_equal(vcg_next(&r, &item), VCG_NODE);
	assert_string_equal(item.where, "t.c:12:62");
	assert_int_equal(vcg_next(&r, &item), VCG_END);
	assert_int_equal(vcg_next(&r, &item), VCG_END);
	pool_free(&pool);
}

/* The last item's kind, with the reason if it is a fault. In a buffer of its
 * own size, so that a byte read behind it is seen. */
static enum vcg_kind end_of(const char *text, size_t size, const char **why)
{
	struct pool pool = { NULL };
	char *copy = malloc(size ? size : 1);
	struct vcg_reader r;
	struct vcg_item item;
	enum vcg_kind kind;

	assert_non_null(copy);
	memcpy(copy, text, size);
	r = vcg_open(&pool, copy, size);
	do
		kind = vcg_next(&r, &item);
	while (kind != VCG_END && kind != VCG_WRONG);
	if (kind == VCG_WRONG)
		assert_int_equal(vcg_next(&r, &item), VCG_WRONG);
	*why = r.why;
	pool_free(&pool);
	free(copy);
	return kind;
}

static void refuses_every_part(void **state)
{
	const char *why;

	(void)state;
	for (size_t size = 0; size + 2 < sizeof(sample); size++) {
		assert_int_equal(end_of(sample, size, &why), VCG_WRONG);
		assert_non_null(why);
	}
	/* All but the last end of line is the whole. */
	assert_int_equal(end_of(sample, sizeof(sample) - 2, &why), VCG_END);
}

#define GRAPH(text) "graph: { title: \"g\"\n" text "\n}\n"
#define LABEL(text) GRAPH("node: { title: \"n\" label: \"n\\nw\\n" text "\" }")

static void refuses_what_it_does_not_understand(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "node: { title: \"n\" }", "neither" },
		{ "graph: { name: \"n\" }", "title" },
		{ GRAPH("graph: { title: \"n\" }"), "neither" },
		{ GRAPH("node { title: \"n\" }"), "neither" },
		{ GRAPH("node: title: \"n\" }"), "brace" },
		{ GRAPH("node: { title: n }"), "quotes" },
		{ GRAPH("node: { title: \"\" }"), "no name" },
		{ GRAPH("node: { shape : ellipse }"), "no name" },
		{ GRAPH("node: { title \"n\" }"), "key" },
		{ GRAPH("node: { title: \"n\" shape : }"), "value" },
		{ GRAPH("edge: { sourcename: \"n\" }"), "nowhere" },
		{ GRAPH("edge: { targetname: \"n\" }"), "no name" },
		{ LABEL("eight bytes (static)"), "no bytes" },
		{ LABEL(""), "no bytes" },
		{ LABEL("8 bytes"), "no bytes" },
		{ LABEL("-8 bytes (static)"), "no bytes" },
		{ LABEL("8 bytes (large)"), "kind" },
		{ LABEL("8 bytes (static"), "kind" },
		{ LABEL("8 bytes (dynamic,unbounded)"), "kind" },
		{ LABEL("4294967296 bytes (static)"), "larger" },
		{ LABEL("99999999999999999999999 bytes (static)"), "larger" },
		{ GRAPH("") "x", "follows" },
		{ GRAPH("") GRAPH(""), "follows" },
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(end_of(bad[i].text, strlen(bad[i].text), &why),
				 VCG_WRONG);
		if (!strstr(why, bad[i].why))
			fail_msg("%s: %s", bad[i].text, why);
	}
}

static void takes_odd_but_good_texts(void **state)
{
	static const char *const good[] = {
		GRAPH(""),
		GRAPH("node: { title: \"a\\\"b\\\\\" label: \"\" }"),
		GRAPH("node: { colour : red title: \"n\" note: \"x\" }"),
		"graph:{title:\"g\"node:{title:\"n\"}}",
		LABEL("4294967295 bytes (dynamic,bounded)"),
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(end_of(good[i], strlen(good[i]), &why),
				 VCG_END);
	/* A zero byte ends no text that only looks whole. */
	assert_int_equal(end_of("graph: { title: \"g\0\" }", 22, &why),
			 VCG_WRONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_gcc_writes),
		cmocka_unit_test(refuses_every_part),
		cmocka_unit_test(refuses_what_it_does_not_understand),
		cmocka_unit_test(takes_odd_but_good_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

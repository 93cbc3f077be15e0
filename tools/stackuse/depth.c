/* SPDX-License-Identifier: MIT */
/* Depth first over the states, with a stack of its own. */
#include "tools/stackuse/depth.h"

#include <string.h>

#define VARIANTS_MAX 4096u

enum colour { WHITE, GREY, BLACK };

struct walk {
	struct depths *d;
	const struct graph *graph;
	const char *name;
	struct complaints *wrong;
	struct step {
		uint32_t state;
		size_t call;
	} * steps;
	size_t depth;
	bool failed;
};

static bool digit_add(struct walk *w, struct rule *r)
{
	struct depths *d = w->d;
	uint64_t variants = d->variants * (r->value + 1);

	*POOL_ADD(w->graph->pool, &d->digits) =
		(struct digit){ r, d->variants, (uint32_t)r->value + 1 };
	if (variants > VARIANTS_MAX) {
		complain(w->wrong, "rule %u: too many to be tried", r->line);
		return false;
	}
	d->variants = (uint32_t)variants;
	return true;
}

/* The lowest digit is 0 once a function of `through` has been passed. */
static bool digits_make(struct walk *w, struct rules *rules)
{
	w->d->variants = w->d->entry->through.count ? 2 : 1;
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].kind == RULE_BOUND &&
		    !digit_add(w, &rules->items[i]))
			return false;
	return !w->d->entry->interrupt || digit_add(w, w->d->entry);
}

/* The variant with which f is entered from one; DEPTH_NONE: not any more. */
static uint32_t variant_enter(const struct depths *d, const struct function *f,
			      uint32_t variant)
{
	for (size_t i = 0; i < d->digits.count; i++) {
		const struct digit *g = &d->digits.items[i];

		if (g->rule->kind != RULE_BOUND ||
		    !words_mean(&g->rule->words, f))
			continue;
		if (!(variant / g->weight % g->base)) {
			g->rule->used = true;
			return DEPTH_NONE;
		}
		variant -= g->weight;
	}
	if (d->entry->through.count && variant % 2 &&
	    words_mean(&d->entry->through, f))
		variant--;
	return variant;
}

size_t depths_next_count(const struct depths *d, uint32_t state)
{
	return d->graph->items[state / d->variants].calls.count +
	       (d->interrupt != GRAPH_NONE);
}

uint32_t depths_next(const struct depths *d, uint32_t state, size_t n)
{
	const struct function *f = &d->graph->items[state / d->variants];
	uint32_t variant = state % d->variants;
	uint32_t to = d->interrupt;

	if (n < f->calls.count) {
		to = f->calls.items[n].to;
	} else {
		const struct digit *last =
			&d->digits.items[d->digits.count - 1];

		if (!(variant / last->weight))
			return DEPTH_NONE;
		variant -= last->weight;
	}
	if (to == GRAPH_NONE)
		return DEPTH_NONE;
	f = &d->graph->items[to];
	if (words_mean(&d->entry->without, f))
		return DEPTH_NONE;
	variant = variant_enter(d, f, variant);
	return variant == DEPTH_NONE ? DEPTH_NONE : to * d->variants + variant;
}

/* Names the functions from the second visit's state on. */
static void cycle_complain(struct walk *w, uint32_t state)
{
	const char *text = "", *arrow = "";
	size_t i = w->depth;

	while (i && w->steps[i - 1].state != state)
		i--;
	for (i -= i > 0; i < w->depth; i++) {
		const struct function *f =
			&w->graph->items[w->steps[i].state / w->d->variants];

		text = pool_print(w->graph->pool, "%s%s%s", text, arrow,
				  f->title);
		arrow = " -> ";
	}
	complain(w->wrong, "%s: a cycle without a bound: %s -> %s", w->name,
		 text, w->graph->items[state / w->d->variants].title);
	w->failed = true;
}

/* Whether the path's end at this function makes sense: its frame is known. */
static void function_check(struct walk *w, uint32_t function)
{
	const struct function *f = &w->graph->items[function];
	const char *from = "the outside";

	if (w->depth > 1)
		from = w->graph->items[w->steps[w->depth - 2].state /
				       w->d->variants]
			       .title;
	if (f->from == FRAME_UNKNOWN)
		complain(w->wrong,
			 "%s: %s, called by %s, is in no call graph "
			 "and no rule",
			 w->name, f->title, from);
	else if (f->unbounded)
		complain(w->wrong,
			 "%s: %s (%s) has alloca or an array of "
			 "variable length",
			 w->name, f->title, f->where);
	else
		return;
	w->failed = true;
}

static void push(struct walk *w, uint32_t state)
{
	uint32_t function = state / w->d->variants;
	struct state *s = &w->d->states[state];

	s->colour = GREY;
	s->function = function;
	s->depth = w->graph->items[function].frame;
	s->next = DEPTH_NONE;
	/* The last digit is 0 once `through` has been passed. */
	s->counts = !w->d->entry->through.count ||
		    !(state % w->d->variants % 2);
	w->steps[w->depth++] = (struct step){ state, 0 };
	function_check(w, function);
}

/* The caller's depth is that over its deepest callee that counts. */
static void join(struct walk *w, uint32_t caller, uint32_t state)
{
	struct state *s = &w->d->states[caller];
	const struct state *c = &w->d->states[state];
	uint64_t depth = c->depth + w->graph->items[s->function].frame;

	if (!c->counts)
		return;
	if (s->counts && s->next != DEPTH_NONE && depth <= s->depth)
		return;
	s->counts = true;
	s->depth = depth;
	s->next = state;
}

/* One call of the function on top, or its end. */
static void step(struct walk *w)
{
	struct step *top = &w->steps[w->depth - 1];
	uint32_t state;

	if (top->call == depths_next_count(w->d, top->state)) {
		w->d->states[top->state].colour = BLACK;
		w->depth--;
		if (w->depth)
			join(w, top[-1].state, top->state);
		return;
	}
	state = depths_next(w->d, top->state, top->call++);
	if (state == DEPTH_NONE)
		return;
	if (w->d->states[state].colour == BLACK)
		join(w, top->state, state);
	else if (w->d->states[state].colour == GREY)
		cycle_complain(w, state);
	else
		push(w, state);
}

/* The one function that a name of the entry means; GRAPH_NONE: complained. */
static uint32_t function_find(struct walk *w, const char *name)
{
	uint32_t found = GRAPH_NONE;

	for (uint32_t i = 0; i < w->graph->count; i++) {
		if (!w->graph->items[i].linked ||
		    !graph_means(&w->graph->items[i], name))
			continue;
		if (found != GRAPH_NONE)
			complain(w->wrong, "%s: more than one %s", w->name,
				 name);
		found = i;
	}
	if (found == GRAPH_NONE)
		complain(w->wrong, "%s: the image has no %s", w->name, name);
	return found;
}

void depths_find(struct depths *d, struct graph *graph, struct rules *rules,
		 struct rule *entry, const char *name, struct complaints *wrong)
{
	struct walk w = { d, graph, name, wrong, NULL, 0, false };
	uint32_t start, variant;

	*d = (struct depths){ .graph = graph,
			      .entry = entry,
			      .variants = 1,
			      .interrupt = GRAPH_NONE,
			      .first = DEPTH_NONE };
	start = function_find(&w, entry->text);
	if (entry->interrupt)
		d->interrupt = function_find(&w, entry->interrupt);
	if (start == GRAPH_NONE || !digits_make(&w, rules) ||
	    (entry->interrupt && d->interrupt == GRAPH_NONE))
		return;
	d->states = pool_take(graph->pool,
			      graph->count * d->variants * sizeof(*d->states));
	w.steps = pool_take(graph->pool, (graph->count * d->variants + 1) *
						 sizeof(*w.steps));
	variant = variant_enter(d, &graph->items[start], d->variants - 1);
	push(&w, start * d->variants + variant);
	while (w.depth)
		step(&w);
	if (w.failed)
		return;
	d->first = start * d->variants + variant;
	d->depth = d->states[d->first].depth;
	if (d->states[d->first].counts)
		return;
	complain(wrong, "%s: no path of entry %s is through %s", name,
		 entry->name, entry->through.items[0]);
	d->first = DEPTH_NONE;
}

bool depths_reached(const struct depths *d, uint32_t function)
{
	for (uint32_t v = 0; d->states && v < d->variants; v++)
		if (d->states[function * d->variants + v].colour == BLACK)
			return true;
	return false;
}

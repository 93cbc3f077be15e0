/* SPDX-License-Identifier: MIT */
/*
 * GHCB events with a host that answers anything. Quiet: it writes while it
 * runs, and each result is what a second reading of the rules says. Restless: it
 * writes between any two accesses to the page, and no answer may then leave its
 * form, nor anything be touched beside the page.
 */
/* test-sources: kernel/snp/ghcb.c kernel/snp/ghcb_psc.c tests/fuzz/restless.c */
/* test-sources: kernel/snp/console.c kernel/snp/timer.c */
/* test-sources: kernel/snp/ghcb_msr.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/snp/ghcb.h"

#include <string.h>
#include <sys/mman.h>

#include "kernel/base/percpu.h"
#include "kernel/snp/console.h"
#include "kernel/snp/timer.h"
#include "lib/cursor.h"
#include "tests/fuzz/need.h"
#include "tests/fuzz/restless.h"

#define GPA 0x7000ull

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ghcb *mine, *host; /* one page at two addresses */
static struct cursor script;
static bool restless;
static bool loose; /* several events in one: none is foretold */
static uint32_t exits;

/* What the host has to find, and what may be made of its answer. */
static struct {
	uint64_t code, info1, info2;
	uint32_t in, out;
	uint64_t rax, rcx, rdx;
} want;
static enum err right;
static struct ghcb answer;

static struct {
	bool on, over;
	uint64_t next, end; /* what was not asked for yet */
	bool large;
	uint16_t last;
	uint32_t place; /* entry and page in it that the host reached */
} psc;

static bool marked(const struct ghcb *g, size_t bit)
{
	return g->valid_bitmap[bit / 8] >> bit % 8 & 1;
}

#define MARKED(g, field) marked(g, GHCB_BIT(field))

static void mark(struct ghcb *g, size_t bit)
{
	g->valid_bitmap[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* The fields that count, and one that does not. */
static uint64_t *field(struct ghcb *g, uint8_t which)
{
	uint64_t *fields[] = { &g->rax,		 &g->rbx,
			       &g->rcx,		 &g->rdx,
			       &g->sw_exitcode,	 &g->sw_exitinfo1,
			       &g->sw_exitinfo2, &g->sw_scratch };

	return fields[which % 8];
}

static uint64_t number(void)
{
	static const uint64_t known[] = {
		0,	    1,	   2,	 3,	     0x80000306, 0x80000b0d,
		0x80000b0e, 0x30d, 0x10, 0x8000040d, ~0ull,	 1ull << 32,
	};
	uint8_t which = cursor_u8(&script);

	return which & 0x80 ? cursor_u64(&script)
			    : known[which % (sizeof(known) / sizeof(*known))];
}

static struct psc_buffer *list(struct ghcb *g)
{
	return (struct psc_buffer *)(void *)g->shared_buffer;
}

/* One thing that the host writes. */
static void scribble(void)
{
	uint8_t what = cursor_u8(&script), arg = cursor_u8(&script);

	switch (what % 8) {
	case 0:
	case 1:
		mark(host, what / 8 % 2 ? arg % 128 : 114u + arg % 3);
		break;
	case 2:
	case 3:
		*field(host, arg) = number();
		mark(host,
		     (size_t)((char *)field(host, arg) - (char *)host) / 8);
		break;
	case 4:
		list(host)->cur_entry =
			(uint16_t)(what & 0x80 ? number() : arg);
		break;
	case 5:
		list(host)->end_entry =
			(uint16_t)(what & 0x80 ? number() : arg);
		break;
	case 6:
		list(host)->entry[arg % PSC_MAX_ENTRIES] ^= number();
		break;
	default:
		host->valid_bitmap[arg % 16] = (uint8_t)number();
		break;
	}
}

static void request_check(const struct ghcb *g)
{
	need(fake_msr_read(MSR_GHCB) == GPA);
	need(g->sw_exitcode == want.code && g->sw_exitinfo1 == want.info1);
	need(g->sw_exitinfo2 == want.info2);
	need(MARKED(g, sw_exitcode) && MARKED(g, sw_exitinfo1) &&
	     MARKED(g, sw_exitinfo2));
	need(MARKED(g, rax) == !!(want.in & GHCB_RAX));
	need(MARKED(g, rbx) == !!(want.in & GHCB_RBX));
	need(MARKED(g, rcx) == !!(want.in & GHCB_RCX));
	need(MARKED(g, rdx) == !!(want.in & GHCB_RDX));
	need(MARKED(g, sw_scratch) == !!(want.in & GHCB_SCRATCH));
	need(!(want.in & GHCB_RAX) || g->rax == want.rax);
	need(!(want.in & GHCB_RCX) || g->rcx == want.rcx);
	need(!(want.in & GHCB_RDX) || g->rdx == want.rdx);
	need(!(want.in & GHCB_SCRATCH) || g->sw_scratch == GPA + 0x800);
}

/* The list asks for the pages that are left, in order, each once. */
static void list_check(struct ghcb *g)
{
	const struct psc_buffer *l = list(g);

	need(psc.next < psc.end && !l->cur_entry && !l->reserved);
	need(l->end_entry < PSC_MAX_ENTRIES);
	for (uint32_t i = 0; i <= l->end_entry; i++) {
		uint64_t size = l->entry[i] & PSC_2M ? PAGE_2M : PAGE_4K;

		need((l->entry[i] & PSC_GFN) == psc.next);
		need(!(l->entry[i] & (PSC_RESERVED | PSC_CUR_PAGE)));
		need((l->entry[i] >> PSC_OP_SHIFT & 0xf) == PSC_OP_SHARED);
		need(size == PAGE_4K || (psc.large && !(psc.next % PAGE_2M)));
		psc.next += size;
	}
	need(psc.next <= psc.end);
	psc.last = l->end_entry;
	psc.place = 0;
	psc.over = true;
}

/* 2.3: outputs must be marked; 4: what SW_EXITINFO1 and 2 may say. */
static enum err judged(const struct ghcb *g)
{
	uint64_t event = g->sw_exitinfo2;

	if (!MARKED(g, sw_exitinfo1) || !MARKED(g, sw_exitinfo2) ||
	    (want.out & GHCB_RAX && !MARKED(g, rax)) ||
	    (want.out & GHCB_RDX && !MARKED(g, rdx)))
		return ERR_HOST;
	switch ((uint32_t)g->sw_exitinfo1) {
	case 0:
		return OK;
	case 1:
		/* #UD and #GP as exceptions, nothing else. */
		if (event & 1u << 31 && (event >> 8 & 7) == 3 &&
		    ((event & 0xff) == 6 || (event & 0xff) == 13))
			return ERR_STATE;
		return ERR_HOST;
	default:
		return ERR_HOST;
	}
}

/* What has to follow from the list that the host left. */
static void progress_judge(struct ghcb *g)
{
	const struct psc_buffer *l = list(g);
	uint32_t place;

	if (right != OK || g->sw_exitinfo2 || l->end_entry != psc.last) {
		right = ERR_HOST;
		return;
	}
	psc.over = l->cur_entry > psc.last;
	if (psc.over)
		return;
	place = l->cur_entry * 4096u +
		(uint32_t)(l->entry[l->cur_entry] & PSC_CUR_PAGE);
	if (place <= psc.place)
		right = ERR_HOST;
	psc.place = place;
}

static void honest(void)
{
	struct psc_buffer *l = list(host);

	for (uint8_t i = 0; i < 8; i++)
		mark(host, (size_t)((char *)field(host, i) - (char *)host) / 8);
	host->sw_exitinfo1 = host->sw_exitinfo2 = 0;
	if (psc.on)
		l->cur_entry = (uint16_t)(l->end_entry + 1);
}

static void on_exit_to_host(void)
{
	uint8_t how;

	exits++;
	need(exits < 100000);
	if (!loose) {
		/* Asked again after a refusal, or after the end? */
		need(exits == 1 || (psc.on && right == OK));
		request_check(host);
		if (psc.on && (exits == 1 || psc.over))
			list_check(host);
	}
	how = cursor_u8(&script);
	memset(host->valid_bitmap, 0, sizeof(host->valid_bitmap));
	if (how & 0x80)
		honest();
	for (unsigned int i = 0; i < how % 8u; i++)
		scribble();
	memcpy(&answer, host, sizeof(answer));
	right = judged(&answer);
	if (psc.on && !loose)
		progress_judge(&answer);
}

static void between(void *there)
{
	need(there != mine);
	if (cursor_left(&script) && cursor_u8(&script) & 1)
		scribble();
}

static void page_make(void)
{
	char *room;

	if (mine)
		return;
	/* Nothing lies before and behind it: a step beside is seen. */
	room = mmap(NULL, 3 * PAGE_4K, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	need(room != MAP_FAILED);
	mine = mmap(room + PAGE_4K, PAGE_4K, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	need(mine != MAP_FAILED);
	host = mremap(mine, 0, PAGE_4K, MREMAP_MAYMOVE);
	need(host != MAP_FAILED);
}

static bool form_holds(enum err e, uint8_t vector)
{
	if (e == ERR_STATE)
		return vector == 6 || vector == 13;
	return e == OK || e == ERR_HOST;
}

static void result_check(enum err e)
{
	need(restless || (exits == 1 && e == right));
	need(e == OK || e == ERR_HOST || e == ERR_STATE);
}

static void port(struct ghcb_link link, uint8_t op, uint16_t number16)
{
	uint32_t size = 1u << op % 3, value = 0;
	enum err e;

	want.code = 0x7b;
	want.info1 = (uint64_t)number16 << 16 | size << 4;
	if (op & 4) {
		want.in = GHCB_RAX;
		want.rax = number16 * 0x10001u;
		return result_check(ghcb_port_out(link, number16, size,
						  number16 * 0x10001u));
	}
	want.info1 |= 1;
	want.out = GHCB_RAX;
	e = ghcb_port_in(link, number16, size, &value);
	result_check(e);
	if (e != OK)
		return;
	need(size == 4 || !(value >> 8 * size));
	need(restless ||
	     value == ((uint32_t)answer.rax & ~0u >> (32 - 8 * size)));
}

static void port_write(struct ghcb_link link, uint8_t op, uint16_t count)
{
	static char text[4096];

	memset(text, op, sizeof(text));
	want.code = 0x7b;
	want.info1 = 0x3f8ull << 16 | 0x1c;
	want.info2 = count % 0x900;
	want.in = GHCB_SCRATCH;
	if (count % 0x900 > GHCB_BUFFER_SIZE) {
		need(ghcb_port_write(link, 0x3f8, text, count % 0x900) ==
		     ERR_RANGE);
		need(!exits);
		return;
	}
	result_check(ghcb_port_write(link, 0x3f8, text, count % 0x900));
}

static void msr(struct ghcb_link link, uint8_t op, uint16_t value16)
{
	uint64_t value = value16 * 0x100010001ull;
	enum err e;

	want.code = 0x7c;
	want.rcx = 0x800u + op;
	want.in = GHCB_RCX;
	if (op & 1) {
		want.info1 = 1;
		want.in |= GHCB_RAX | GHCB_RDX;
		want.rax = (uint32_t)value;
		want.rdx = value >> 32;
		return result_check(ghcb_msr_write(link, 0x800u + op, value));
	}
	want.out = GHCB_RAX | GHCB_RDX;
	e = ghcb_msr_read(link, 0x800u + op, &value);
	result_check(e);
	if (e == OK && !restless)
		need(value == (answer.rdx << 32 | (uint32_t)answer.rax));
}

static void ap(struct ghcb_link link, uint8_t op, uint16_t id)
{
	want.code = 0x80000013;
	want.info1 = (uint64_t)id << 32 | 2u << 16 | op % 3;
	want.info2 = 0x5000;
	want.in = GHCB_RAX;
	want.rax = 1;
	result_check(
		ghcb_ap_create(link, op % 3, 2, id, (struct pa){ 0x5000 }, 1));
}

static void page_state(struct ghcb_link link, uint8_t op, uint16_t arg)
{
	struct pa_range pages = { { PAGE_2M - (op % 8u) * PAGE_4K },
				  (arg % 600u) * PAGE_4K };
	enum err e;

	if (restless)
		pages.size %= 8 * PAGE_4K;
	if (op & 0x10)
		pages.size += 2 * PAGE_2M;
	psc.on = true;
	psc.large = op & 0x20;
	psc.next = pages.start.v;
	psc.end = pa_range_end(pages);
	want.code = 0x80000010;
	want.in = GHCB_SCRATCH;
	if (op == 0xff) {
		pages.start.v++;
		need(ghcb_page_state(link, pages, true, GHCB_PAGE_SHARED) ==
		     ERR_ALIGN);
		return need(!exits);
	}
	right = OK;
	e = ghcb_page_state(link, pages, psc.large, GHCB_PAGE_SHARED);
	need(e == OK || e == ERR_HOST);
	if (restless)
		return;
	need(e == right);
	/* Nothing is left out when all is said to be well. */
	need(e != OK || psc.next == psc.end);
}

static void any_call(struct ghcb_link link, uint8_t op, uint16_t arg)
{
	struct ghcb_call call = { .code = arg,
				  .in = op & 0xf,
				  .out = op >> 4 & 0xf };
	enum err e;

	want.code = arg;
	want.in = op & 0xf;
	want.out = op >> 4 & 0xf;
	e = ghcb_exit(link, &call);
	need(form_holds(e, call.vector));
	if (!restless && !(want.out & (GHCB_RBX | GHCB_RCX)))
		need(e == right);
}

/* The console and the timer come to an end, whatever the host says. */
static void console(uint8_t op)
{
	static const char text[] = "a line that is longer than the FIFO is\n";

	console_init();
	console_write(text, op % sizeof(text));
	need(exits < 4 + (1 + op % sizeof(text) / 16) * 1100);
}

static void timer(uint16_t arg)
{
	enum err e = timer_arm(arg * 0x10001u);

	need(exits <= 5 && (e == OK || e == ERR_UNSUPPORTED));
	need(e != OK || exits == 5);
}

static void call(uint8_t which, uint8_t op, uint16_t arg)
{
	struct ghcb_link link = { mine, { GPA } };

	loose = restless || which % 8 == 5 || which % 8 == 6;
	switch (which % 8) {
	case 5:
		return console(op);
	case 6:
		return timer(arg);
	case 0:
		return port(link, op, arg);
	case 1:
		return port_write(link, op, arg);
	case 2:
		return msr(link, op, arg);
	case 3:
		return ap(link, op, arg);
	case 4:
		return any_call(link, op, arg);
	default:
		return page_state(link, op, arg);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct percpu cpu;
	uint8_t which, op;
	uint16_t arg;

	page_make();
	memset(&fake, 0, sizeof(fake));
	cpu.ghcb = mine;
	cpu.ghcb_pa = GPA;
	fake.gs = &cpu;
	fake.vmgexit = on_exit_to_host;
	ghcb_page_init((struct ghcb_link){ mine, { GPA } });
	script = cursor_make(data, size);
	/* Rarely: each access costs two signals. */
	restless = (cursor_u8(&script) & 7) == 7;
	while (cursor_left(&script) >= 4) {
		which = cursor_u8(&script);
		op = cursor_u8(&script);
		arg = cursor_u16(&script);
		memset(&want, 0, sizeof(want));
		memset(&psc, 0, sizeof(psc));
		exits = 0;
		if (restless)
			restless_start(mine, between);
		call(which, op, arg);
		if (restless)
			restless_stop();
	}
	return 0;
}

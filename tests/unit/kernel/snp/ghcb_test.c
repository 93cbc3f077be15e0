/* SPDX-License-Identifier: MIT */
/* GHCB events against a scripted host, honest and lying. */
/* test-sources: kernel/snp/ghcb.c kernel/snp/ghcb_psc.c */
/* test-sources: kernel/snp/ghcb_msr.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/snp/ghcb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define GPA 0x10000ull

static struct ghcb_link link_;
static struct ghcb seen; /* what the host found */
static unsigned int exits;
static void (*host_acts)(struct ghcb *g);

static struct ghcb *page(void)
{
	return (struct ghcb *)(void *)(fake.ram + GPA);
}

static void valid_set(struct ghcb *g, size_t field)
{
	g->valid_bitmap[field / 64] |= (uint8_t)(1u << field / 8 % 8);
}

#define VALID(g, field) valid_set(g, offsetof(struct ghcb, field))
#define WAS_VALID(field) \
	(seen.valid_bitmap[GHCB_BIT(field) / 8] >> GHCB_BIT(field) % 8 & 1)

static void host(void)
{
	struct ghcb *g = page();

	assert_int_equal(fake_msr_read(MSR_GHCB), GPA);
	seen = *g;
	exits++;
	memset(g->valid_bitmap, 0, sizeof(g->valid_bitmap));
	host_acts(g);
}

/* The usual answer: success, nothing else. */
static void succeed(struct ghcb *g)
{
	g->sw_exitinfo1 = 0;
	g->sw_exitinfo2 = 0;
	VALID(g, sw_exitinfo1);
	VALID(g, sw_exitinfo2);
}

static int setup(void **state)
{
	(void)state;
	fake_reset(PAGE_2M);
	fake.vmgexit = host;
	link_ = (struct ghcb_link){ page(), { GPA } };
	ghcb_page_init(link_);
	host_acts = succeed;
	exits = 0;
	return 0;
}

static void page_is_clean(void **state)
{
	struct ghcb want = { .protocol_version = 2 };

	(void)state;
	assert_memory_equal(page(), &want, sizeof(want));
}

static void answer_in(struct ghcb *g)
{
	succeed(g);
	g->rax = 0x1122334455667788;
	VALID(g, rax);
}

static void port_reads(void **state)
{
	uint32_t v;

	(void)state;
	host_acts = answer_in;
	assert_int_equal(ghcb_port_in(link_, 0x3fd, 1, &v), OK);
	assert_int_equal(v, 0x88);
	assert_int_equal(seen.sw_exitcode, 0x7b);
	assert_int_equal(seen.sw_exitinfo1, 0x03fd0011);
	assert_true(WAS_VALID(sw_exitcode));
	assert_true(WAS_VALID(sw_exitinfo1));
	assert_true(WAS_VALID(sw_exitinfo2));
	assert_false(WAS_VALID(rax));
	assert_int_equal(ghcb_port_in(link_, 0xcfc, 2, &v), OK);
	assert_int_equal(v, 0x7788);
	assert_int_equal(ghcb_port_in(link_, 0xcfc, 4, &v), OK);
	assert_int_equal(v, 0x55667788);
	host_acts = succeed; /* RAX not marked valid */
	assert_int_equal(ghcb_port_in(link_, 0xcfc, 4, &v), ERR_HOST);
}

static void port_writes(void **state)
{
	(void)state;
	assert_int_equal(ghcb_port_out(link_, 0xcf8, 4, 0xabcdef01), OK);
	assert_int_equal(seen.sw_exitinfo1, 0x0cf80040);
	assert_int_equal(seen.rax, 0xabcdef01);
	assert_true(WAS_VALID(rax));
	assert_int_equal(ghcb_port_write(link_, 0x3f8, "hello", 5), OK);
	assert_int_equal(seen.sw_exitinfo1, 0x03f8001c);
	assert_int_equal(seen.sw_exitinfo2, 5);
	assert_int_equal(seen.sw_scratch, GPA + 0x800);
	assert_true(WAS_VALID(sw_scratch));
	assert_memory_equal(seen.shared_buffer, "hello", 5);
	assert_int_equal(ghcb_port_write(link_, 0x3f8, "", 0x7f1), ERR_RANGE);
}

static void answer_msr(struct ghcb *g)
{
	succeed(g);
	g->rax = 0xffffffff00000002;
	g->rdx = 0x1;
	VALID(g, rax);
	VALID(g, rdx);
}

static void msrs(void **state)
{
	uint64_t v;

	(void)state;
	host_acts = answer_msr;
	assert_int_equal(ghcb_msr_read(link_, 0x1b, &v), OK);
	assert_int_equal(v, 0x100000002);
	assert_int_equal(seen.rcx, 0x1b);
	assert_int_equal(ghcb_msr_write(link_, 0x830, 0x1234567890), OK);
	assert_int_equal(seen.sw_exitinfo1, 1);
	assert_int_equal(seen.rax, 0x34567890);
	assert_int_equal(seen.rdx, 0x12);
	host_acts = answer_in; /* RDX missing */
	assert_int_equal(ghcb_msr_read(link_, 0x1b, &v), ERR_HOST);
}

static void ap_creation(void **state)
{
	(void)state;
	assert_int_equal(ghcb_ap_create(link_, AP_CREATE, 1, 1,
					(struct pa){ 0x5000 }, 9),
			 OK);
	assert_int_equal(seen.sw_exitcode, 0x80000013);
	assert_int_equal(seen.sw_exitinfo1, 0x0000000100010001);
	assert_int_equal(seen.sw_exitinfo2, 0x5000);
	assert_int_equal(seen.rax, 9);
	assert_true(WAS_VALID(rax));
}

static uint64_t result1, result2;
static bool valid1, valid2;

static void answer_result(struct ghcb *g)
{
	g->sw_exitinfo1 = result1;
	g->sw_exitinfo2 = result2;
	if (valid1)
		VALID(g, sw_exitinfo1);
	if (valid2)
		VALID(g, sw_exitinfo2);
}

static enum err answered(uint64_t info1, uint64_t info2, uint8_t *vector)
{
	struct ghcb_call call = { .code = GHCB_NAE_IOIO };
	enum err e;

	result1 = info1;
	result2 = info2;
	e = ghcb_exit(link_, &call);
	*vector = call.vector;
	return e;
}

static void results(void **state)
{
	uint8_t v;

	(void)state;
	host_acts = answer_result;
	valid1 = valid2 = true;
	assert_int_equal(answered(0, 7, &v), OK);
	for (uint64_t why = 1; why < 8; why++)
		assert_int_equal(answered(2, why, &v), ERR_HOST);
	for (uint64_t r = 3; r < 200; r++)
		assert_int_equal(answered(r, 0, &v), ERR_HOST);
	assert_int_equal(answered(0xffffffff, 0, &v), ERR_HOST);
	assert_int_equal(answered(1, 0x80000306, &v), ERR_STATE);
	assert_int_equal(v, 6);
	assert_int_equal(answered(1, 0x80000b0d, &v), ERR_STATE);
	assert_int_equal(v, 13);
	valid1 = false;
	assert_int_equal(answered(0, 0, &v), ERR_HOST);
	valid1 = true;
	valid2 = false;
	assert_int_equal(answered(0, 0, &v), ERR_HOST);
}

/* A host that could raise any vector would drive our handlers. */
static void forbidden_exceptions(void **state)
{
	uint8_t v;

	(void)state;
	host_acts = answer_result;
	valid1 = valid2 = true;
	for (uint64_t vector = 0; vector < 256; vector++)
		for (uint64_t type = 0; type < 8; type++) {
			bool allowed = type == 3 &&
				       (vector == 6 || vector == 13);

			assert_int_equal(
				answered(1, 0x80000000 | type << 8 | vector,
					 &v),
				allowed ? ERR_STATE : ERR_HOST);
			assert_int_equal(answered(1, type << 8 | vector, &v),
					 ERR_HOST);
		}
}

/* ---- page state changes ---- */

static struct psc_buffer *list(struct ghcb *g)
{
	return (struct psc_buffer *)(void *)g->shared_buffer;
}

static uint64_t pages_done, entries_done;

static void psc_all(struct ghcb *g)
{
	struct psc_buffer *l = list(g);

	succeed(g);
	for (unsigned int i = 0; i <= l->end_entry; i++) {
		entries_done++;
		pages_done += l->entry[i] & PSC_2M ? 512 : 1;
	}
	l->cur_entry = (uint16_t)(l->end_entry + 1);
}

static enum err change(uint64_t start, uint64_t size, bool large)
{
	pages_done = entries_done = 0;
	exits = 0;
	return ghcb_page_state(link_, (struct pa_range){ { start }, size },
			       large, GHCB_PAGE_PRIVATE);
}

static void psc_lists(void **state)
{
	(void)state;
	host_acts = psc_all;
	assert_int_equal(change(0x40000000, PAGE_4K, true), OK);
	assert_int_equal(list(&seen)->entry[0], 0x0010000040000000);
	assert_int_equal(list(&seen)->cur_entry, 0);
	assert_int_equal(list(&seen)->end_entry, 0);
	assert_int_equal(change(0x40000000, PAGE_2M, true), OK);
	assert_int_equal(list(&seen)->entry[0], 0x0110000040000000);
	/* Small at both ends, large between. */
	assert_int_equal(change(0x401ff000, PAGE_2M + 2 * PAGE_4K, true), OK);
	assert_int_equal(entries_done, 3);
	assert_int_equal(pages_done, 514);
	assert_int_equal(change(0x40000000, PAGE_2M, false), OK);
	assert_int_equal(pages_done, 512);
	assert_int_equal(entries_done, 512);
	assert_int_equal(exits, 3);
	assert_int_equal(change(0x40000000, 0, true), OK);
	assert_int_equal(exits, 0);
	assert_int_equal(change(0x40000800, PAGE_4K, true), ERR_ALIGN);
}

/* Three entries at a time, then back to us without an error. */
static void psc_early(struct ghcb *g)
{
	struct psc_buffer *l = list(g);
	unsigned int n = 0;

	succeed(g);
	while (n++ < 3 && l->cur_entry <= l->end_entry) {
		pages_done++;
		l->cur_entry++;
	}
}

/* One step of 100 pages inside a large entry. */
static void psc_inside(struct ghcb *g)
{
	struct psc_buffer *l = list(g);

	succeed(g);
	if ((l->entry[0] & PSC_CUR_PAGE) < 500)
		l->entry[0] += 100;
	else
		l->cur_entry++;
}

static void psc_partial(void **state)
{
	(void)state;
	host_acts = psc_early;
	assert_int_equal(change(0x40000000, 10 * PAGE_4K, true), OK);
	assert_int_equal(pages_done, 10);
	assert_int_equal(exits, 4);
	host_acts = psc_inside;
	assert_int_equal(change(0x40000000, PAGE_2M, true), OK);
	assert_int_equal(exits, 6);
}

static void psc_stuck(struct ghcb *g)
{
	succeed(g);
}

static void psc_longer(struct ghcb *g)
{
	succeed(g);
	list(g)->end_entry = 0xffff;
	list(g)->cur_entry = 0x4000;
}

static void psc_backward(struct ghcb *g)
{
	succeed(g);
	list(g)->cur_entry = exits % 2 ? 2 : 1;
}

static void psc_error(struct ghcb *g)
{
	succeed(g);
	list(g)->cur_entry = 1;
	g->sw_exitinfo2 = PSC_ERR_GENERIC;
}

static void psc_lies(void **state)
{
	static void (*const lies[])(struct ghcb * g) = {
		psc_stuck,
		psc_longer,
		psc_backward,
		psc_error,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		host_acts = lies[i];
		assert_int_equal(change(0x40000000, 10 * PAGE_4K, true),
				 ERR_HOST);
		assert_true(exits < 4);
	}
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(page_is_clean),	 T(port_reads),
		T(port_writes),		 T(msrs),
		T(ap_creation),		 T(results),
		T(forbidden_exceptions), T(psc_lists),
		T(psc_partial),		 T(psc_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

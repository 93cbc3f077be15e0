/* SPDX-License-Identifier: MIT */
/*
 * The page allocator beside a plain list of pages, through any sequence of
 * taking, giving, losing, deposits, withdrawals, and hosts that refuse or lie:
 * who holds a page, what it holds, and every count are what the list says.
 */
/* test-sources: kernel/mm/page.c kernel/base/lock.c kernel/base/panic.c */
/* test-sources: kernel/base/platform.c kernel/base/log.c */
/* test-sources: kernel/base/unwind.c kernel/base/symbols.c lib/fmt.c */
/* test-sources: lib/str.c tests/fake/mm.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
#include "kernel/mm/page.h"

#include <string.h>

#include "tests/fake/mm.h"
#include "tests/fuzz/need.h"

/* The region lies across a 2 MiB boundary, which no save area may start. */
#define PAGES 160u
#define BASE  (PAGE_2M - 40 * PAGE_4K)
#define USED  4u
#define READY 24u
#define GIFTS 24u
#define ALL   (PAGES + GIFTS)
#define GIFT  (BASE + PAGES * PAGE_4K)
#define RAM   (2 * PAGE_2M)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum state {
	FRESH, /* never taken yet */
	FREE,
	TAKEN,
	GONE,	/* lost, or never the allocator's */
	GUESTS, /* could be deposited */
};

static struct {
	enum state page[ALL];
	bool hole[PAGES]; /* the host answered well and gave nothing */
	uint32_t count, ready;
	bool open, refuses;
} list;

static uint64_t address(uint32_t n)
{
	return BASE + n * PAGE_4K;
}

static uint32_t number(struct pa page)
{
	uint64_t n = (page.v - BASE) / PAGE_4K;

	need(page.v % PAGE_4K == 0 && page.v >= BASE && n < ALL);
	return (uint32_t)n;
}

static uint32_t counted(uint32_t from, uint32_t to, enum state state)
{
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i++)
		n += list.page[i] == state;
	return n;
}

static uint32_t own_free(void)
{
	return counted(0, list.count, FREE) + counted(0, list.count, FRESH);
}

static uint32_t gifts_free(void)
{
	return counted(PAGES, ALL, FREE);
}

static void setup(bool small)
{
	fake_mm_reset(RAM);
	memset(&list, 0, sizeof(list));
	fake_launch(BASE, USED * PAGE_4K);
	fake_assign(address(USED), (READY - USED) * PAGE_4K);
	list.count = small ? READY : PAGES;
	list.ready = READY;
	page_init((struct pa_range){ { BASE }, list.count * PAGE_4K },
		  USED * PAGE_4K, READY * PAGE_4K);
	for (uint32_t i = 0; i < USED; i++)
		list.page[i] = GONE;
	for (uint32_t i = PAGES; i < ALL; i++) {
		list.page[i] = GUESTS;
		fake_launch(address(i), PAGE_4K);
		memset(fake.ram + address(i), 0, PAGE_4K);
	}
}

static bool zero(uint32_t n)
{
	static const char none[PAGE_4K];

	return !memcmp(fake.ram + address(n), none, PAGE_4K);
}

static uint32_t next_fresh(void)
{
	uint32_t n = 0;

	while (n < list.count && list.page[n] != FRESH)
		n++;
	return n;
}

/* What the region alone has to say; a page that proves a hole is used up. */
static enum err region_answer(void)
{
	uint32_t n = next_fresh();

	if (counted(0, list.count, FREE))
		return OK;
	if (n >= list.count)
		return ERR_NOMEM;
	if (n >= list.ready && list.refuses)
		return ERR_HOST;
	if (!list.hole[n])
		return OK;
	list.page[n] = GONE;
	return ERR_HOST;
}

static void taken(struct pa page, bool from_region)
{
	uint32_t n = number(page);

	need((n < PAGES) == from_region);
	need(list.page[n] == FREE || list.page[n] == FRESH);
	/* Fresh ones only when none came back, and in their order. */
	if (list.page[n] == FRESH)
		need(!counted(0, list.count, FREE) && n == next_fresh());
	need(zero(n) && fake_is_validated(page.v));
	list.page[n] = TAKEN;
	memset(fake.ram + page.v, 0x5a, PAGE_4K);
}

static void take(void)
{
	uint32_t own = own_free(), pool = gifts_free();
	uint32_t keep = list.open ? 0 : PAGE_RESERVE;
	bool region = own > PAGE_RESERVE || !pool;
	enum err want = ERR_NOMEM, e;
	struct pa page;

	if (own + pool > keep) {
		want = region ? region_answer() : OK;
		if (want != OK && pool) {
			region = false;
			want = OK;
		}
	}
	e = page_take(&page);
	need(e == want);
	if (e == OK)
		taken(page, region);
	list.ready = READY + (uint32_t)fake_state_pages;
}

/* Only where its two steps are two plain ones; a refusal takes nothing. */
static void take_for_vmsa(void)
{
	uint32_t some = own_free() + gifts_free();
	struct pa page;

	if (list.refuses || memchr(list.hole, true, sizeof(list.hole)))
		return take();
	if (page_take_for_vmsa(&page) != OK) {
		need(some <= PAGE_RESERVE + 1);
		/* The boundary's page came, if any could, and went. */
		if (list.page[40] == FRESH && next_fresh() == 40 &&
		    some > (list.open ? 0 : PAGE_RESERVE))
			list.page[40] = FREE;
		return;
	}
	need(page.v % PAGE_2M);
	if (list.page[40] == FRESH && number(page) > 40 &&
	    list.page[number(page)] == FRESH)
		list.page[40] = FREE;
	need(list.page[number(page)] == FREE ||
	     list.page[number(page)] == FRESH);
	need(zero(number(page)) && fake_is_validated(page.v));
	list.page[number(page)] = TAKEN;
	list.ready = READY + (uint32_t)fake_state_pages;
}

/* The n-th page in that state, or ALL. */
static uint32_t pick(uint32_t n, enum state state)
{
	uint32_t all = counted(0, ALL, state);

	n = all ? n % all : 0;
	for (uint32_t i = 0; i < ALL; i++)
		if (list.page[i] == state && n-- == 0)
			return i;
	return ALL;
}

static void give(uint32_t n, bool lose)
{
	struct pa page = { address(n) };

	if (n == ALL)
		return;
	if (lose)
		page_lose(page);
	else
		page_give(page);
	list.page[n] = lose ? GONE : FREE;
}

static void deposit(uint32_t n)
{
	if (n == ALL)
		return;
	page_deposit((struct pa){ address(n) });
	list.page[n] = FREE;
}

static void withdraw(void)
{
	uint32_t own = own_free();
	uint32_t back = own < PAGE_RESERVE ? PAGE_RESERVE - own : 0;
	struct pa page;
	uint32_t n;

	if (!page_withdraw(&page)) {
		need(gifts_free() <= back);
		return;
	}
	n = number(page);
	need(gifts_free() > back && n >= PAGES && list.page[n] == FREE);
	need(zero(n));
	list.page[n] = GUESTS;
}

/* A page that the host will not have turned private, whatever it answers. */
static void hole(uint32_t n)
{
	if (n >= list.ready || n >= PAGES || list.page[n] != FRESH)
		return;
	rmp_unassign(&fake.rmp, address(n), RMP_PG_SIZE_4K);
	list.hole[n] = true;
}

static void step(uint8_t op, uint8_t arg)
{
	switch (op % 16) {
	case 0:
	case 1:
	case 2:
	case 3:
		for (uint32_t i = 0; i < 1u + arg % 16; i++)
			take();
		return;
	case 4:
		return take_for_vmsa();
	case 5:
	case 6:
	case 7:
		return give(pick(arg, TAKEN), false);
	case 8:
		return give(pick(arg, TAKEN), op & 0x10);
	case 9:
	case 10:
		return deposit(pick(arg, GUESTS));
	case 11:
		return withdraw();
	case 12:
		list.open = arg & 1;
		return list.open ? page_reserve_open() : page_reserve_close();
	case 13:
		list.refuses = arg & 1;
		fake_state_answer = list.refuses ? ERR_HOST : OK;
		return;
	case 14:
		return hole(arg % PAGES);
	default:
		/* At start-up alone, before there are deposits. */
		if (list.count + arg <= PAGES && !gifts_free()) {
			list.count += arg;
			page_grow(list.count * PAGE_4K);
		}
		return;
	}
}

static void counts_check(void)
{
	uint32_t own = own_free(), pool = gifts_free();
	uint32_t back = own < PAGE_RESERVE ? PAGE_RESERVE - own : 0;

	need(page_count_free() == own + pool);
	/* The hint tells the guest only what withdrawing would then do. */
	need(page_offer == (pool > back));
	need(page_count_taken() == counted(0, ALL, TAKEN));
	need(page_reserve_lacks() ==
	     (own + pool < PAGE_RESERVE ? PAGE_RESERVE - own - pool : 0));
	need(!fake_windows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	setup(data[0] & 1);
	/* No sequence of right calls may end in a panic. */
	need(!setjmp(fake_panic));
	for (data++, size--; size >= 2; data += 2, size -= 2) {
		step(data[0], data[1]);
		counts_check();
	}
	/* Whoever holds a page still has what it wrote. */
	for (uint32_t n = 0; n < ALL; n++)
		need(list.page[n] != TAKEN || fake_is_validated(address(n)));
	return 0;
}

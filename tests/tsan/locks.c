/* SPDX-License-Identifier: MIT */
/*
 * Four threads as four CPUs use all that the kernel guards by locks: pages,
 * heap, validation record, deposits, pins, the registry, the log. Kernel and
 * hw/ of tests/fake are compiled with -fsanitize=thread, the machine's model is
 * not: its entries are guarded by the kernel's locks or by nothing.
 */
/* test-sources: kernel/mm/deed.c kernel/mm/owned.c lib/bitmap.c */
/* test-sources: lib/pageindex.c kernel/guest/vcpu.c kernel/mm/memmap.c */
/* test-sources: kernel/mm/pvalid.c kernel/mm/guestmem.c */
/* test-sources: kernel/mm/guestpage.c kernel/mm/heap.c kernel/mm/page.c */
/* test-sources: kernel/base/lock.c kernel/base/panic.c kernel/base/log.c */
/* test-sources: kernel/base/platform.c kernel/base/unwind.c */
/* test-sources: kernel/base/symbols.c lib/ring.c lib/fmt.c lib/str.c */
/* test-sources: tests/fake/window.c tests/fake/mm.c tests/fake/hw/fake.c */
/* test-sources: model/rmp.c model/rmp_guest.c */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "abi/boot/params.h"
#include "abi/igvm.h"
#include "kernel/base/log.h"
#include "kernel/guest/vcpu.h"
#include "kernel/guest/window.h"
#include "kernel/mm/deed.h"
#include "kernel/mm/guestpage.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/memmap.h"
#include "kernel/mm/owned.h"
#include "kernel/mm/page.h"
#include "kernel/mm/pvalid.h"
#include "tests/fake/mm.h"

#define RAM	  0x1000000ull
#define OURS	  0x800000ull
#define OURS_SIZE 0x200000ull
#define HEAP_AT	  ((void *)0x2000000000)
#define BASE	  0x200000ull /* of pages that all fight over */
#define PAGES	  24u
#define THREADS	  4u

static struct percpu cpus[THREADS];
static unsigned int rounds = 4000;
static uint32_t done[8];

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	printf("%s\n", what);
	exit(1);
}

static void memory_make(void)
{
	static struct igvm_memory_map_entry map[2];
	struct params params = { .svsm_base = OURS,
				 .image_size = 0x10000,
				 .required_size = 0x100000,
				 .svsm_max_size = OURS_SIZE,
				 .cpus_max = THREADS };
	const struct memmap_host host = { map, 2, PA_LIMIT, 0 };

	map[0].number_of_pages = RAM / PAGE_4K;
	need(memmap_init(&params, &host) == OK, "no memory map");
	fake_launch(OURS, 0x10000);
	fake_assign(OURS + 0x10000, OURS_SIZE - 0x10000);
	page_init(memmap_svsm(), 0x10000, OURS_SIZE);
	heap_init(HEAP_AT, OURS_SIZE);
	deed_init();
	need(pvalid_init() == OK, "no record");
	for (uint64_t at = 0; at < 3 * PAGE_2M; at += PAGE_2M) {
		struct guest_range page;

		fake_assign(at, PAGE_2M);
		for (uint64_t off = 0; off < PAGE_2M; off += PAGE_4K)
			need(guestpage_check(at + off, PAGE_SIZE_4K, &page) ==
					     OK &&
				     guestpage_adopt(page, PAGE_SIZE_4K) ==
					     PAGE_OK,
			     "a page is not adopted");
	}
}

static void cpus_make(void)
{
	static const uint32_t ids[THREADS] = { 0, 1, 2, 3 };

	need(vcpu_init(ids, THREADS) == OK, "no registry");
	for (uint32_t i = 0; i < THREADS; i++) {
		struct percpu *seen = window_at(i, CPU_PAGE_SELF);

		need(mmap(seen, PAGE_4K, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			  0) == seen,
		     "no CPU area");
		cpus[i].index = i;
		cpus[i].apic_id = i;
		seen->state = CPU_ONLINE;
		fake.gs = &cpus[i];
		need(vcpu_attach(&cpus[i]) == OK, "no vCPU");
	}
}

static struct guest_range page_of(uint32_t i)
{
	struct guest_range page;

	need(guestpage_check(BASE + i % 2 * PAGE_2M + i / 2 * PAGE_4K,
			     PAGE_SIZE_4K, &page) == OK,
	     "no guest page");
	return page;
}

static void note(unsigned int what, bool well)
{
	if (well)
		__atomic_add_fetch(&done[what], 1, __ATOMIC_RELAXED);
}

static void pages_turn(uint32_t i)
{
	struct guest_range page = page_of(i % PAGES);

	if (i & 0x1000)
		note(0,
		     guestpage_validate(page, PAGE_SIZE_4K, false) == PAGE_OK);
	else
		note(1,
		     guestpage_rescind(page, PAGE_SIZE_4K, false) == PAGE_OK);
}

static void copy(uint32_t i)
{
	uint64_t words[4] = { i, i, i, i };
	struct guest_range page = page_of(i % PAGES);

	if (i & 0x1000)
		note(2, guest_write(page, 64, words, sizeof(words)) == OK);
	else if (guest_read(page, 64, words, sizeof(words)) == OK)
		need(words[0] == words[3] || !words[0], "half a copy");
}

static void deposit(uint32_t i)
{
	struct guest_range page = page_of(i % PAGES);
	struct pa pa;

	if (i & 0x1000) {
		if (owned_take(page, PAGE_SIZE_4K) != PAGE_OK)
			return;
		owned_keep(page, PAGE_SIZE_4K);
		note(3, true);
	} else if (page_withdraw(&pa)) {
		owned_return(pa);
	}
}

static void memory(uint32_t i)
{
	struct pa pa;
	void *p;

	if (page_take(&pa) == OK)
		page_give(pa);
	if (heap_take(16 + i % 200, &p) != OK)
		return;
	memset(p, (int)i, 16);
	heap_give(p, 16 + i % 200);
	note(4, true);
}

static void registry(uint32_t i)
{
	struct vcpu_held held = vcpu_lock();
	struct guest_range page = page_of(i % PAGES);

	need(vcpu_find(held, i % THREADS) != NULL, "no vCPU");
	if (vcpu_caa_take(held, NULL, page.r.start) == OK) {
		vcpu_caa_give(held, NULL, page.r.start);
		note(5, true);
	}
	vcpu_offer_set(held, __atomic_load_n(&page_offer, __ATOMIC_RELAXED));
	vcpu_unlock(held);
}

/* Four threads, and fewer processors: who waits makes room. */
static void yield(void)
{
	sched_yield();
}

static void *work(void *arg)
{
	const unsigned int cpu = *(unsigned int *)arg;
	uint64_t x = cpu * 2 + 1;

	fake_thread_gs = &cpus[cpu];
	for (unsigned int n = 0; n < rounds; n++) {
		uint32_t i = (uint32_t)(x >> 33);

		x = x * 6364136223846793005ull + 1442695041;
		pages_turn(i);
		copy(i >> 1);
		deposit(i >> 2);
		memory(i >> 3);
		registry(i >> 4);
		if (n % 16 == 0)
			log_line("CPU %u: round %u", cpu, n);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static unsigned int numbers[THREADS] = { 0, 1, 2, 3 };
	pthread_t threads[THREADS];
	unsigned int i;

	if (argc > 1)
		rounds = (unsigned int)atoi(argv[1]);
	fake_mm_reset(RAM);
	fake.pause = yield;
	memory_make();
	cpus_make();
	log_console_on();
	for (i = 0; i < THREADS; i++)
		need(!pthread_create(&threads[i], NULL, work, &numbers[i]),
		     "no thread");
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	need(fake.violations == 0, "memory touched that is not valid");
	printf("locks: %u threads, %u rounds:", THREADS, rounds);
	for (i = 0; i < 6; i++) {
		printf(" %u", done[i]);
		need(done[i] > 0, "something never happened");
	}
	printf("\n");
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Ticket locks: exclusion between threads, try, held. */
/* test-sources: kernel/base/lock.c tests/fake/hw/fake.c model/rmp.c */
/* test-sources: model/rmp_guest.c */
/* test-libs: -lpthread */
#include "kernel/base/lock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROUNDS 20000u

static struct spinlock lock;
static uint64_t counter;

static void *count(void *arg)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		if (i % 4 || !spin_try(&lock))
			spin_lock(&lock);
		counter++;
		spin_unlock(&lock);
	}
	return arg;
}

static void threads_exclude_each_other(void **state)
{
	pthread_t other;

	(void)state;
	counter = 0;
	assert_int_equal(pthread_create(&other, NULL, count, NULL), 0);
	count(NULL);
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_int_equal(counter, 2 * ROUNDS);
	assert_false(spin_held(&lock));
}

static void try_takes_only_a_free_lock(void **state)
{
	(void)state;
	assert_true(spin_try(&lock));
	assert_true(spin_held(&lock));
	assert_false(spin_try(&lock));
	spin_unlock(&lock);
	assert_true(spin_try(&lock));
	spin_unlock(&lock);
}

static void tickets_wrap(void **state)
{
	(void)state;
	lock = (struct spinlock){ ~0u, ~0u };
	spin_lock(&lock);
	assert_true(spin_held(&lock));
	assert_false(spin_try(&lock));
	spin_unlock(&lock);
	assert_false(spin_held(&lock));
	assert_int_equal(lock.owner, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_exclude_each_other),
		cmocka_unit_test(try_takes_only_a_free_lock),
		cmocka_unit_test(tickets_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

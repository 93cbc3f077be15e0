/* SPDX-License-Identifier: MIT */
/*
 * What gcc calls for each memory access under -fsanitize=thread, in the place
 * of its library: atomic operations are where CPUs interleave. Memory is
 * sequentially consistent here; of plain accesses only copies of structures may
 * be points of their own.
 */
#include <stdbool.h>
#include <stdint.h>

#include "tests/interleave/explore.h"

#define PLAIN(name)          \
	void name(void *at); \
	void name(void *at)  \
	{                    \
		(void)at;    \
	}
#define PLAINS(size)                        \
	PLAIN(__tsan_read##size)            \
	PLAIN(__tsan_write##size)           \
	PLAIN(__tsan_unaligned_read##size)  \
	PLAIN(__tsan_unaligned_write##size) \
	PLAIN(__tsan_volatile_read##size)   \
	PLAIN(__tsan_volatile_write##size)

PLAINS(1)
PLAINS(2)
PLAINS(4)
PLAINS(8)
PLAINS(16)
PLAIN(__tsan_func_entry)

void __tsan_atomic_thread_fence(int order);
void __tsan_init(void);
void __tsan_func_exit(void);
void __tsan_read_range(void *at, long size);
void __tsan_write_range(void *at, long size);

/* All are in order here. */
void __tsan_atomic_thread_fence(int order)
{
	(void)order;
}

void __tsan_init(void)
{
}

void __tsan_func_exit(void)
{
}

void __tsan_read_range(void *at, long size)
{
	(void)at;
	(void)size;
	explore_copy();
}

void __tsan_write_range(void *at, long size)
{
	(void)at;
	(void)size;
	explore_copy();
}

/* Before each, another CPU may have its turn; after a write, those that wait
 * look again. */
#define LOAD(bits)                                             \
	uint##bits##_t __tsan_atomic##bits##_load(             \
		const volatile uint##bits##_t *at, int order); \
	uint##bits##_t __tsan_atomic##bits##_load(             \
		const volatile uint##bits##_t *at, int order)  \
	{                                                      \
		(void)order;                                   \
		explore_step();                                \
		return *at;                                    \
	}
#define STORE(bits)                                                    \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *at,  \
					 uint##bits##_t v, int order); \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *at,  \
					 uint##bits##_t v, int order)  \
	{                                                              \
		(void)order;                                           \
		explore_step();                                        \
		*at = v;                                               \
		explore_changed();                                     \
	}
#define CHANGE(bits, name, expression)                                     \
	uint##bits##_t __tsan_atomic##bits##_##name(                       \
		volatile uint##bits##_t *at, uint##bits##_t v, int order); \
	uint##bits##_t __tsan_atomic##bits##_##name(                       \
		volatile uint##bits##_t *at, uint##bits##_t v, int order)  \
	{                                                                  \
		uint##bits##_t old;                                        \
		(void)order;                                               \
		explore_step();                                            \
		old = *at;                                                 \
		*at = (uint##bits##_t)(expression);                        \
		explore_changed();                                         \
		return old;                                                \
	}
#define COMPARE(bits, name)                                        \
	bool __tsan_atomic##bits##_compare_exchange_##name(        \
		volatile uint##bits##_t *at, uint##bits##_t *want, \
		uint##bits##_t v, int order, int fail);            \
	bool __tsan_atomic##bits##_compare_exchange_##name(        \
		volatile uint##bits##_t *at, uint##bits##_t *want, \
		uint##bits##_t v, int order, int fail)             \
	{                                                          \
		uint##bits##_t old;                                \
		(void)order;                                       \
		(void)fail;                                        \
		explore_step();                                    \
		old = *at;                                         \
		if (old == *want) {                                \
			*at = v;                                   \
			explore_changed();                         \
			return true;                               \
		}                                                  \
		*want = old;                                       \
		return false;                                      \
	}
#define ATOMIC(bits)                     \
	LOAD(bits)                       \
	STORE(bits)                      \
	CHANGE(bits, exchange, v)        \
	CHANGE(bits, fetch_add, old + v) \
	CHANGE(bits, fetch_sub, old - v) \
	COMPARE(bits, strong)            \
	COMPARE(bits, weak)

ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)

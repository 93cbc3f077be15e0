/* SPDX-License-Identifier: MIT */
/*
 * A byte ring of fixed size for logs: writing never fails and never waits, the
 * oldest bytes give way. The caller holds whatever lock the ring needs.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct ring {
	uint8_t *bytes; /* the caller's */
	size_t size;	/* a power of two */
	uint64_t head;	/* bytes ever written */
	uint64_t tail;	/* bytes ever read or lost */
	uint64_t lost;	/* of these, overwritten unread */
};

/* size is a power of two, at least 1. */
void ring_init(struct ring *r, void *bytes, size_t size);
void ring_put(struct ring *r, const void *bytes, size_t count);
/* Takes out up to room bytes, the oldest first; returns how many. */
size_t ring_take(struct ring *r, void *to, size_t room);
/* The same without taking: starts at position at (0: the oldest unread). */
size_t ring_peek(const struct ring *r, size_t at, void *to, size_t room);

static inline size_t ring_used(const struct ring *r)
{
	return (size_t)(r->head - r->tail);
}

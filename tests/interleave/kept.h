/* SPDX-License-Identifier: MIT */
/*
 * Memory beside the program's data that belongs to a state: its content when it
 * was kept, and what differs from it now.
 */
#pragma once

#include <stddef.h>

/* Nothing is kept; writes are free again. */
void kept_none(void);

/* Looked at whole, each time. */
void kept_add(void *at, size_t size);

/* Pages of fake.ram, of which only those are looked at that were ever written,
 * or that have a second address (tests/fake/window.h). Once until kept_none. */
void kept_add_large(void *at, size_t size);

/* state_add of what differs, and where. */
void kept_state(void);
void kept_restore(void);

/* Ends the program if a page differs that was not looked at. */
void kept_check(void);

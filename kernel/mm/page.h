/* SPDX-License-Identifier: MIT */
/*
 * The SVSM's own 4 KiB pages: those of its region, and those that the guest
 * deposited. Taken pages are private, validated and zero; given pages are
 * wiped. Memory behind the image is validated when it is first taken, so that
 * start-up does not pay for what is never used. Deposited pages are taken
 * last, so that the guest can have them back.
 * Own lock; may call the platform (page_state, page_validate).
 */
#pragma once

#include <stdbool.h>

#include "lib/addr.h"
#include "lib/err.h"

/* The last free pages: for recording deposits, which may cost pages before
 * they bring any. */
#define PAGE_RESERVE 8u

/* region: ours by the image alone. [region.start, +used) is in use for ever; the next
 * bytes up to private_end are private but not validated; the rest is the host's. */
void page_init(struct pa_range region, uint64_t used, uint64_t private_end);

/* The region turned out to be this long, in bytes; it never shrinks. */
void page_grow(uint64_t size);

/* ERR_NOMEM: none left but the reserve; ERR_HOST: the host would not give
 * the page. */
must_check enum err page_take(struct pa *out);

/* As page_take, for a save area: never on a 2 MiB boundary, where a processor
 * erratum bites and no host runs it. */
must_check enum err page_take_for_vmsa(struct pa *out);

/* Panics when the page is not a taken page of ours. */
void page_give(struct pa page);

/* Forgets a taken page for ever: its state can no longer be trusted. */
void page_lose(struct pa page);

/* A page that was the guest's: validated, zero, ours alone on every CPU. */
void page_deposit(struct pa page);

/* Takes a free deposited page for good; it is zero. False: there is none, or
 * the reserve needs it. */
bool page_withdraw(struct pa *out);

/* 1 while page_withdraw has something to give. Changes under page's lock;
 * may be read without it, as a hint. */
extern uint8_t page_offer;

/* Between the two, page_take on this CPU may use up the reserve. */
void page_reserve_open(void);
void page_reserve_close(void);

/* Pages that the reserve needs before page_take gives any again. */
uint32_t page_reserve_lacks(void);

/* Deposited pages are counted, too. */
uint64_t page_count_taken(void);
uint64_t page_count_free(void);

/* SPDX-License-Identifier: MIT */
/*
 * Pages of ours that the host can read and write (GHCB). Everything read
 * from them is hostile and may change between two reads.
 */
#pragma once

#include "lib/addr.h"
#include "lib/err.h"

/* Takes a page, gives it to the host, maps it shared at va (unmapped, its
 * page table in place). ERR_NOMEM, ERR_HOST; then nothing stays mapped. */
must_check enum err shared_page_take(void *va, struct pa *pa);

/* Back to private memory; a page that the host will not return is lost. */
void shared_page_give(void *va);

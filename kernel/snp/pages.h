/* SPDX-License-Identifier: MIT */
/*
 * Page operations of SEV-SNP: PVALIDATE, RMPADJUST, page state change. The
 * page is mapped private at @va; the target of grants is the guest's VMPL.
 */
#pragma once

#include "kernel/base/platform.h"

/* The VMPL that guest pages are granted to; 0: nobody but us (no-ops). */
void pages_init(unsigned int guest_vmpl);

must_check enum page_result pages_validate(void *va, enum page_size size,
					   bool validate);
must_check enum page_result pages_grant(void *va, enum page_size size);
must_check enum page_result pages_revoke(void *va, enum page_size size);
/* A save area that the guest made: it may go on reading it (Linux does), but
 * nobody may write it. Off: no access, no save area. */
must_check enum page_result pages_vmsa(void *va, bool on);
/* A save area of our own making: no level below us sees it. */
must_check enum page_result pages_vmsa_hidden(void *va);

/* Through this CPU's GHCB once it has one, before that page by page. */
must_check enum err pages_state(struct pa_range pages, enum page_state to);

/* INVLPGB for all of this guest's translations, or for those gathered; and
 * waits. */
void pages_tlb_flush(void);
must_check enum err pages_tlb_broadcast(const struct tlb_gather *what);

/* SPDX-License-Identifier: MIT */
/*
 * The validation record of one region, as any calls before may have left it;
 * nothing of it is deposited. What pvalid.c needs below it comes or does not.
 */
#pragma once

#include "kernel/mm/pvalid.h"

/* With the lock held, as for its caller. */
struct pvalid_held record_any(void);

/* What record_any gives, and every change must leave behind: mixed is mixed,
 * and pins are there exactly if the byte says so. */
bool record_sound(struct pvalid_held held);

/* A page of that region. */
uint64_t record_gpa(void);

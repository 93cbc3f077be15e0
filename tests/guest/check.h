/* SPDX-License-Identifier: MIT */
/* Counted checks of a test guest; a failure is printed and does not stop it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

extern unsigned int checks_passed, checks_failed;

/* @got and @want are printed when they differ. */
void check_equal(const char *what, uint64_t got, uint64_t want);
void check_true(const char *what, bool holds);
/* Prints "NAME: N passed, N failed"; the exit status: 0 or 1. */
int check_report(const char *name);

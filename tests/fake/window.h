/* SPDX-License-Identifier: MIT */
/* The kernel's windows on the fake machine: tests/fake/window.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/mm/kmap.h"

/* Maps all as the program's data says that they are: it was put back. */
void fake_windows_again(void);

/* Has the page at @gpa had a second address? Above 32 MiB: true, unasked. */
bool fake_windowed(uint64_t gpa);

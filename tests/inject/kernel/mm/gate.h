/* SPDX-License-Identifier: MIT */
/* The test kernel's gate: refuses the n-th allocation (tests/inject/gate.c). */
#pragma once

#include <stdbool.h>

bool gate_page(void);
bool gate_heap(void);
void gate_heap_count(int more);

/* SPDX-License-Identifier: MIT */
/*
 * Data that is written during start-up and never again: `sealed` variables
 * share pages that once_seal() (kernel/mm/kmap) makes read-only.
 */
#pragma once

#define sealed __attribute__((section(".data.sealed")))

/* SPDX-License-Identifier: MIT */
/* Finds QEMU's own ACPI tables, where its firmware left them. */
#pragma once

#include "emu/hosttables.h"

/* Before the guest's memory is touched. */
void hostfind_tables(struct hosttables *out);

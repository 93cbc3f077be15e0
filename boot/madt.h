/* SPDX-License-Identifier: MIT */
/* The firmware's MADT, for the kernel to judge (kernel/guest/topology). */
#pragma once

#include <stdint.h>

/*
 * Copies the MADT that the RSDP at @rsdp leads to into @to, @room bytes. The
 * number of processors that it says are enabled, or 0: none is found that fits,
 * lies below 4 GiB and holds together.
 */
uint32_t boot_madt(uint64_t rsdp, void *to, uint32_t room);

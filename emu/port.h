/* SPDX-License-Identifier: MIT */
/*
 * Ports as the guest reaches them: QEMU's devices, except where one would lay
 * hands on the emulator itself (fw_cfg, CMOS, SMI, A20, its own log).
 */
#pragma once

#include <stdint.h>

/* @size 1, 2 or 4 bytes. */
uint32_t port_in(uint16_t port, unsigned int size);
void port_out(uint16_t port, unsigned int size, uint32_t value);

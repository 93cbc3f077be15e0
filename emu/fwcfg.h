/* SPDX-License-Identifier: MIT */
/*
 * fw_cfg and CMOS as the guest may see them: QEMU's own, but memory ends where
 * the guest's ends, and the kernel and module that QEMU holds (the emulator
 * and its image) are not there. DMA is off: it would reach any memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FWCFG_SELECTOR 0x510u
#define FWCFG_DATA     0x511u
#define FWCFG_DMA      0x514u
#define FWCFG_DMA_LAST 0x51bu
#define CMOS_INDEX     0x70u
#define CMOS_DATA      0x71u

/* Reads QEMU's directory once; before the guest runs. */
void fwcfg_init(void);

void fwcfg_select(uint16_t key);
/* The next byte of the selected item. */
uint8_t fwcfg_byte(void);

void cmos_select(uint8_t index);
uint8_t cmos_read(void);

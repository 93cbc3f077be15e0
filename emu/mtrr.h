/* SPDX-License-Identifier: MIT */
/*
 * Memory type registers: an INIT clears them on the processors that QEMU's
 * firmware had set up, and a guest complains if they differ.
 */
#pragma once

/* On the boot processor, then on each of the others. */
void mtrr_save(void);
void mtrr_load(void);

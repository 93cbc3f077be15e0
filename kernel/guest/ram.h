/* SPDX-License-Identifier: MIT */
/*
 * Gives the guest its memory before it runs: the image's own pages, then all
 * other RAM. Panics when the host does not deliver what it announced.
 */
#pragma once

#include "abi/boot/params.h"
#include "lib/addr.h"

/* The legacy window between conventional and extended memory: no RAM for the
 * guest to use, whatever the host's map says. */
#define LEGACY_START 0xa0000ull
#define LEGACY_SIZE  0x60000ull
/* Of it, only the display's part is no memory. The ROM area, if the host has
 * RAM there, is given all the same: Linux looks for an iBFT in it. */
#define VGA_START    0xa0000ull
#define VGA_SIZE     0x20000ull

/* Pages that the launch validated: granted one by one. */
void ram_grant_image(const struct params *params);

enum ram_contents {
	RAM_KEEP,  /* the host's, as after a real power-on */
	RAM_CLEAR, /* zero */
};

/* Whole pages, none validated yet: made private, validated, granted; 2 MiB at
 * a time where possible. */
void ram_accept(struct pa_range piece, enum ram_contents contents);

/* Every other page of RAM: accepted, with RAM_KEEP. */
void ram_validate(const struct params *params);

/* SPDX-License-Identifier: MIT */
/*
 * Broken IGVM files, each in one way, made from example B of the fact sheet.
 * Every tool and the emulator must refuse each with one line and status 2.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BROKEN_SIZE_MAX 16384u

/*
 * Number index, counted from 0: fills file and *size and returns its name, or
 * NULL when there are no more. The name lives until the next call.
 */
const char *broken_make(size_t index, uint8_t file[BROKEN_SIZE_MAX],
			size_t *size);

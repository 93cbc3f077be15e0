/* SPDX-License-Identifier: MIT */
/*
 * Files of Coir's own that a tool takes unless told otherwise: found from where
 * the running program lies, so that a build folder and an installed package
 * never mix.
 */
#pragma once

#include <stddef.h>

#include "lib/err.h"

#define PLACE_PATH_MAX 4096u

/*
 * name, such as "emu.bin" or "services/vtpm": beside this program, in the folder
 * above (both in a build), or in ../lib/coir (installed). ERR_ABSENT: in none of
 * them can it be read; errno tells of the last, whose path is then in `path`.
 */
must_check enum err place_find(const char *name, char path[PLACE_PATH_MAX]);

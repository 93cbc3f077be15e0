/* SPDX-License-Identifier: MIT */
/* A picture of the deepest paths: one row a function, bytes from left to
 * right, each function under its caller and beginning where that one ends. */
#pragma once

#include <stdio.h>

#include "tools/stackuse/build.h"

/* A whole file of SVG 1.1. */
void svg_write(FILE *to, const struct build *builds, size_t count);

/* SPDX-License-Identifier: MIT */
/*
 * What a test asks of the test kernel: words "name=value" on the guest's
 * command line, which is part of the image. Read once, at start-up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/boot/params.h"

#define OPTION_VALUE_MAX 32u

/* Copies the command line, its first 511 bytes. */
void option_init(const struct params *params);

/* The value of the word name=value, cut at OPTION_VALUE_MAX - 1 bytes.
 * False: there is no such word. */
bool option_value(const char *name, char value[OPTION_VALUE_MAX]);

/* A decimal value; 0 when there is no such word, or no number in it. */
uint64_t option_number(const char *name);

/* SPDX-License-Identifier: MIT */
/*
 * A small snprintf: %s %c %d %i %u %x %X %p %%, with l, ll and z, a width, '0'
 * and '-', and a precision for %s. No floats. An unknown conversion is printed
 * as it stands, and the rest too, for the arguments can no longer be told.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Always terminates to[size] (size 0 writes nothing). Returns the length the
 * whole text has, without the terminator: cut short when that is >= size.
 */
__attribute__((format(printf, 3, 4))) size_t fmt_print(char *to, size_t size,
						       const char *format, ...);
__attribute__((format(printf, 3, 0))) size_t
fmt_vprint(char *to, size_t size, const char *format, va_list args);

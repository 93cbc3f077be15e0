#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the kernel's function table for kernel/base/symbols.c as assembly:
# symbols.sh ELF. The table lies behind all code, so that adding it in a second
# link moves no function.
set -eu
LC_ALL=C ${NM:-nm} -n "$1" | awk '
BEGIN {
	print "\t.section .symbols, \"a\""
	print "\t.globl symbol_count, symbol_offsets, symbol_names"
	print "\t.balign 4"
}
# Text symbols of the kernel half, one a place.
$1 ~ /^ffffffff8/ && $2 ~ /^[tT]$/ && $1 != last &&
	$3 !~ /^kernel_text_/ && $3 !~ /^\./ {
	last = $1
	offset[n] = substr($1, 9)
	name[n++] = $3
}
END {
	printf "symbol_count:\n\t.long %d\nsymbol_offsets:\n", n
	for (i = 0; i < n; i++)
		printf "\t.long 0x%s - 0x80000000\n", offset[i]
	print "symbol_names:"
	for (i = 0; i < n; i++)
		printf "\t.asciz \"%s\"\n", name[i]
	print "\t.section .note.GNU-stack, \"\", @progbits"
}'

#!/bin/sh
# SPDX-License-Identifier: MIT
# The table of function names that kernel/base/symbols.c reads, as assembly:
# count, offsets from the kernel's base in ascending order, names.
# usage: symbols.sh ELF >TABLE.S
set -eu
${NM:-nm} -n --defined-only "$1" | awk '
BEGIN {
	n = 0
}
/^ffffffff8[0-9a-f]* [tTW] / {
	offset = substr($1, 9)
	if (offset == last || $3 ~ /^(kernel_text_|\.)/)
		next
	last = offset
	offsets[n] = offset
	names[n++] = $3
}
END {
	print "/* SPDX-License-Identifier: MIT */"
	print "\t.section .symbols, \"a\""
	print "\t.globl symbol_count, symbol_offsets, symbol_names"
	print "\t.balign 4\nsymbol_count:\n\t.long " n + 0 "\nsymbol_offsets:"
	for (i = 0; i < n; i++)
		print "\t.long 0x" offsets[i] " - 0x80000000"
	print "symbol_names:"
	for (i = 0; i < n; i++)
		print "\t.asciz \"" names[i] "\""
	print "\t.section .note.GNU-stack, \"\", @progbits"
}'

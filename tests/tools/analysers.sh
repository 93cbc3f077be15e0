#!/bin/bash
# SPDX-License-Identifier: MIT
# The analysers on trial: each must be silent about a good file, and name the
# fault in one that each of them can see.
# timeout: 120
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d "${BUILD:-build}/analysers.XXXXXX")
trap 'rm -rf "$work"' EXIT
n=0

# try ANALYSER WORD FILE: it must fail with that word; without one, pass.
try() {
	local said
	if said=$(make --no-print-directory "ANALYSE_C=$3" "analyse-$1" 2>&1)
	then
		[ -z "$2" ] || { echo "$1: silent about $3"; exit 1; }
	elif [ -z "$2" ] || ! grep -q -- "$2" <<<"$said"; then
		printf '%s: wrong about %s:\n%s\n' "$1" "$3" "$said"
		exit 1
	fi
	rm -rf "${BUILD:-build}/obj/analyse/$work"
	n=$((n + 1))
}

mkdir -p "$work/good" "$work/null" "$work/twice" "$work/past"
head='#include <stdlib.h>\n\nint f(int n);\nint g(void *p);\n\nint f(int n)\n{\n'
printf "$head"'\treturn n;\n}\n' >"$work/good/a.c"
printf "$head"'\tint *p = NULL;\n\n\treturn n ? *p : 0;\n}\n' >"$work/null/a.c"
printf "$head"'\tvoid *p = malloc(8);\n\n\tn = g(p);\n\tfree(p);\n\tif (n)\n\t\tfree(p);\n\treturn 0;\n}\n' \
	>"$work/twice/a.c"
printf "$head"'\tint a[4] = { n };\n\n\treturn a[4];\n}\n' >"$work/past/a.c"

for by in gcc tidy cppcheck; do
	try $by '' "$work/good/a.c"
done
try gcc analyzer-null-dereference "$work/null/a.c"
try gcc analyzer-double-free "$work/twice/a.c"
try tidy core.NullDereference "$work/null/a.c"
try tidy unix.Malloc "$work/twice/a.c"
try cppcheck nullPointer "$work/null/a.c"
try cppcheck doubleFree "$work/twice/a.c"
try cppcheck arrayIndexOutOfBounds "$work/past/a.c"
echo "$n verdicts of the analysers are right"

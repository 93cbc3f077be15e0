#!/bin/sh
# SPDX-License-Identifier: MIT
# Depth of the kernel's stacks, by stackuse(1) and kernel/stacks.txt.
# usage: stack.sh release|debug     one build; status 1: a limit is broken
#        stack.sh page|update       is the table in docs/memory.md true? make it
#        stack.sh show [OPTION...]  both, with the deepest paths and a picture
set -eu
: "${BUILD:=build}"
page=docs/memory.md
release=release=$BUILD/bin/coir-svsm.elf,$BUILD/obj/kernel/graphs.txt
debug=debug=$BUILD/debug/coir-svsm.elf,$BUILD/obj/debug/graphs.txt

if ! [ -e "$BUILD/obj/kernel/kernel/main.c.ci" ]; then
	echo "no call graphs: only gcc writes them"
	exit 77
fi
use() {
	"$BUILD/bin/stackuse" --rules kernel/stacks.txt "$@"
}
what=${1:-}
[ $# = 0 ] || shift
case $what in
release) use --build "$release" --part "$@" ;;
debug) use --build "$debug" --part "$@" ;;
page) use --build "$release" --build "$debug" --quiet --check "$page" ;;
update) use --build "$release" --build "$debug" --quiet --update "$page" ;;
show) use --build "$release" --build "$debug" --svg "$BUILD/stack.svg" "$@" ;;
*) sed -n 's/^# usage: //p' "$0" >&2; exit 2 ;;
esac

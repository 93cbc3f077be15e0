#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# The same bytes from another folder, by another user with other settings: tools,
# SVSM, emulated machine, vTPM, an image, the package; nothing of this machine in
# them. `make repro` proves it for whole releases. A byte that depends on the
# folder is noticed.
set -euo pipefail
export BUILD
BUILD=$(realpath "${BUILD:-build}")
work=$(mktemp -d "$BUILD/again.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
tree="$work/a folder of another name, and longer than that"

fail() {
	echo "$*"
	exit 1
}

[ "$(git rev-parse --show-prefix 2>/dev/null || echo none)" = "" ] || {
	echo "only a clone knows which files are its own"
	exit 77
}
# This very tree, changes and all, with the version of the build under test.
mkdir "$tree"
git ls-files -z -co --exclude-standard | while IFS= read -r -d '' file; do
	[ ! -f "$file" ] || printf '%s\0' "$file"
done | tar -c --null -T - | tar -x -C "$tree"
printf 'version %s\nepoch %s\n' "$(cat "$BUILD/version")" \
	"$(scripts/version.sh --epoch)" >"$tree/VERSION"
scripts/release/notes.sh >"$tree/CHANGELOG"
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(scripts/version.sh --epoch)
jobs=$(nproc)
(cd "$tree" && umask 077 && env -u MAKEFLAGS -u MAKELEVEL -u SOURCE_DATE_EPOCH \
	LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=Asia/Kolkata USER=other LOGNAME=other \
	make "-j$jobs" BUILD=../out package >"$work/log" 2>&1) || {
	tail -n 20 "$work/log"
	fail "the second build failed"
}
deb=$(scripts/release/deb.sh)
files="bin/coir-svsm.elf bin/emu.elf bin/emu.bin services/vtpm guest/core.elf"
for tool in "$BUILD"/share/man/man1/*.1; do
	files="$files bin/$(basename "$tool" .1)"
done
for file in $files "release/$(basename "$deb")"; do
	cmp "$BUILD/$file" "$work/out/$file" || fail "$file: other bytes"
	# A whole path, not the end of /usr/share/coir in a tree at /coir.
	if LC_ALL=C grep -q -a -P "(?<![\w.-])\Q$PWD/\E" "$BUILD/$file" ||
	   grep -q -a -F -e "$work" "$BUILD/$file"; then
		fail "$file: a path of this machine"
	fi
done
echo "ok the same bytes: $files, the package"
for out in "$BUILD" "$work/out"; do
	"$out/bin/igvmbuild" --guest "$out/guest/core.elf" --service vtpm \
		--output "$work/$(basename "$out").igvm"
done
cmp "$work/$(basename "$BUILD").igvm" "$work/out.igvm" || fail "other images"
echo "ok the same image: $("$BUILD/bin/igvmmeasure" "$work/out.igvm")"

# This would notice: a program that knows where it was made.
echo 'const char *where(void); const char *where(void) { return __FILE__; }' >"$work/x.c"
for folder in one two; do
	mkdir "$work/$folder"
	cp "$work/x.c" "$work/$folder"
	"${CC:-gcc}" -c -o "$work/$folder.o" "$work/$folder/x.c"
	(cd "$work/$folder" && "${CC:-gcc}" -ffile-prefix-map="$PWD/"= -c \
		-o "$work/$folder.map.o" "$PWD/x.c")
done
cmp -s "$work/one.o" "$work/two.o" && fail "a path is not noticed"
cmp -s "$work/one.map.o" "$work/two.map.o" || fail "a path is not mapped away"
echo "ok a path would be noticed"

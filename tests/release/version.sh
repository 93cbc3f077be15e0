#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 120
# The version of a tree: at a release, between releases, before the first; in a
# clone, a shallow clone, an archive, a tarball, inside somebody else's
# repository. One commit has one version.
. tests/release/scratch.bash

grep -q '^commit .Format' scripts/archive.txt || {
	echo "this tree comes from an archive, whose version stands already"
	exit 77
}
mkdir -p "$repo/scripts"
cp scripts/version.sh scripts/archive.txt "$repo/scripts"
cp .gitattributes "$repo"
git_ init -q

# version FOLDER EXPECTED (a basic pattern, whole line)
version() {
	said=$("$1/scripts/version.sh" 2>&1)
	grep -qx -e "$2" <<<"$said" || fail "$1: '$said' is not '$2'"
	echo "ok ${1#"$work"/}: $said"
}
hash() { git_ rev-parse --short=12 HEAD; }

# archived: the tree as `git archive` writes it, in $archive
archived() {
	archive=$work/archive
	rm -rf "$archive"
	mkdir "$archive"
	git_ archive HEAD | tar -x -C "$archive"
}

change a.c one
change b.c two
version "$repo" "devel+2.$(hash)"
# git archive cannot count, and says so.
archived
version "$archive" "devel+unknown.$(hash)"
git_ tag -m x 2026.11-devel
git_ tag -m x unrelated
version "$repo" '2026.11-devel'
archived
version "$archive" '2026.11-devel'
[ "$("$repo/scripts/version.sh" --epoch)" = "$("$archive/scripts/version.sh" --epoch)" ] ||
	fail "two times of one commit"
[ "$("$repo/scripts/version.sh" --epoch)" = "$(git_ log -1 --format=%ct)" ] || fail "the time"

change a.c three
git_ tag -m x zz-not-a-release
change a.c four
change a.c five
version "$repo" "devel+3.$(hash)"
archived
version "$archive" "devel+3.$(hash)"
echo more >>"$repo/a.c"
version "$repo" "devel+3.$(hash).dirty"
git_ add -A
version "$repo" "devel+3.$(hash).dirty"
git_ reset -q --hard
git clone -q "$repo" "$work/clone"
version "$work/clone" "devel+3.$(hash)"
git clone -q --depth 1 "file://$repo" "$work/shallow"
version "$work/shallow" "devel+unknown.$(hash)"
# Settings of whoever builds do not matter.
git_ config core.abbrev 7
git_ config status.showUntrackedFiles all
echo x >"$repo/new"
version "$repo" "devel+3.$(hash)"
want=devel+3.$(hash)
(export LC_ALL=C.UTF-8 TZ=Asia/Kolkata GIT_DIR=/nowhere
version "$repo" "$want") || exit 1
rm "$repo/new"
for stage in 2026.11-rc1 2026.11.0 2026.11.1; do
	change a.c more
	git_ tag -m x $stage
	version "$repo" "$stage"
	archived
	version "$archive" "$stage"
done

# Unpacked without git, inside a repository that is not ours: not its version.
mkdir -p "$repo/vendor/coir/scripts"
cp scripts/version.sh scripts/archive.txt "$repo/vendor/coir/scripts"
version "$repo/vendor/coir" 'devel+unknown'
# A tarball's file comes before all else.
printf 'version 2026.11.0\nepoch 1800000000\n' >"$repo/vendor/coir/VERSION"
version "$repo/vendor/coir" '2026.11.0'
[ "$("$repo/vendor/coir/scripts/version.sh" --epoch)" = 1800000000 ] || fail "the epoch"
# What could reach a command line is refused.
for bad in '' 'a b' '$(id)' "a'b" 'a"b' 'a/b' "$(printf %70s x | tr ' ' x)"; do
	printf 'version %s\nepoch 1\n' "$bad" >"$repo/vendor/coir/VERSION"
	if "$repo/vendor/coir/scripts/version.sh" >"$work/out" 2>&1; then
		fail "taken: '$bad'"
	fi
done
echo "ok bad versions are refused"

# Every program of this tree tells the same.
want=$(cat "$BUILD/version")
[ "$want" = "$("$top/scripts/version.sh")" ] || echo "(the tree changed since the build)"
for tool in "$top"/tools/*/; do
	tool=$(basename "$tool")
	[ "$tool" != common ] || continue
	[ "$("$BUILD/bin/$tool" --version)" = "$tool (Coir) $want" ] || fail "$tool --version"
done
[ "$("$BUILD/services/vtpm" --version)" = "vtpm (Coir) $want" ] || fail "vtpm --version"
for image in bin/coir-svsm.elf bin/emu.bin services/vtpm; do
	grep -a -q -F "$want" "$BUILD/$image" || fail "no version in $image"
done
echo "ok every program says $want"
# Another version compiles one object of each build, no more.
compiled=$(cd "$top" && env -u MAKEFLAGS make -n -W "$BUILD/version" "BUILD=$BUILD" build |
	grep -E -- ' -c -o ')
[ "$(grep -c 'lib/version.c$' <<<"$compiled")" -ge 5 ] || fail "no object has the version"
others=$(grep -v -e 'lib/version.c$' -e 'symbols.S$' <<<"$compiled")
[ -z "$others" ] || fail "also compiled for another version: $others"
echo "ok nothing else is compiled for another version"

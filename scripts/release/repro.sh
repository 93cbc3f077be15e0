#!/bin/bash
# SPDX-License-Identifier: MIT
# The proof that a release can be built anew: two clones of HEAD, in folders of
# other names and lengths, with other users, locales, time zones, umasks and
# numbers of jobs, at two times; and a third from the tarball, without git. All
# files must be the same. CPUS_MAX: digests up to this number.
# usage: repro.sh
set -euo pipefail
: "${BUILD:=build}"
: "${CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/coir}"
export CACHE # HOME changes below
mkdir -p "$BUILD"
work=$(realpath "$(mktemp -d "$BUILD/repro.XXXXXX")")
trap 'rm -rf -- "$work"' EXIT
head=$(git rev-parse HEAD)
export CPUS_MAX=${CPUS_MAX:-64}

say() { printf 'repro: %s\n' "$*"; }

# build FOLDER UMASK JOBS NAME=VALUE...: the release's files of that tree
build() {
	local tree=$1 mask=$2 jobs=$3
	shift 3
	(cd "$tree" && umask "$mask" && env -u MAKEFLAGS -u MAKELEVEL \
		-u SOURCE_DATE_EPOCH "$@" make "-j$jobs" BUILD="$tree/out" \
		release-files >"$tree.log" 2>&1) || {
		tail -n 20 "$tree.log"
		say "the build in $tree failed"
		exit 1
	}
	say "built in $tree"
}

# same FOLDER FOLDER
same() {
	if ! diff -r "$1" "$2"; then
		say "NOT the same: $1, $2"
		exit 1
	fi
}

# git remembers what it was told of the clone; nobody else's settings come along.
one=$work/a
two="$work/the-second-tree/of-another-name-and-length"
mkdir -p "$(dirname "$two")"
for tree in "$one" "$two"; do
	git clone -q --no-hardlinks . "$tree"
	git -C "$tree" checkout -q "$head"
done
start=$SECONDS
build "$one" 022 2 LANG=C TZ=UTC USER=one LOGNAME=one HOME="$work"
sleep 2
build "$two" 077 1 LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=Asia/Kolkata USER=two \
	LOGNAME=two HOME="$work/the-second-tree" HOSTNAME=elsewhere
name=coir-$(cat "$one/out/version")
same "$one/out/release/$name" "$two/out/release/$name"
say "two clones, $(find "$one/out/release/$name" -type f | wc -l) files: the same"

three=$work/three
mkdir "$three"
tar -xf "$one/out/release/$name/$name.tar.xz" -C "$three" --strip-components=1
build "$three" 027 2 LANG=C TZ=America/Caracas USER=three LOGNAME=three HOME="$work"
for file in "$one/out/release/$name"/*; do
	case $file in
	*.tar.xz | *.spdx.json | */SHA256SUMS) continue ;; # no tarball there
	esac
	cmp "$file" "$three/out/release/$name/$(basename "$file")"
done
say "from the tarball, without git: the same"
if grep -r -l -a -F -e "$work" "$one/out/release/$name"; then
	say "a path of this machine is in these"
	exit 1
fi
(cd "$one/out/release/$name" && sha256sum -- *)
say "all files are the same; $((SECONDS - start)) seconds"

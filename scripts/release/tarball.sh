#!/bin/sh
# SPDX-License-Identifier: MIT
# The source of HEAD as $BUILD/release/coir-VERSION.tar.xz: with its version and
# its notes inside, so that it builds the same bytes where there is no git.
. scripts/release/env.sh
case $version in
*.dirty)
	echo "tarball: the tree has changes; a tarball would not have them" >&2
	exit 1
	;;
esac
git rev-parse -q --verify HEAD >/dev/null || {
	echo "tarball: only a clone makes one" >&2
	exit 1
}
out=$BUILD/release/$name.tar.xz
mkdir -p "$BUILD/release"
tree=$(mktemp -d "$BUILD/release/tarball.XXXXXX")
trap 'rm -rf -- "$tree"' EXIT
mkdir "$tree/$name"
git archive HEAD | tar -x -C "$tree/$name"
printf 'version %s\nepoch %s\n' "$version" "$(scripts/version.sh --epoch)" \
	>"$tree/$name/VERSION"
scripts/release/notes.sh >"$tree/$name/CHANGELOG"
find "$tree" -type f ! -perm -100 -exec chmod 644 {} +
find "$tree" -type f -perm -100 -exec chmod 755 {} +
settle "$tree/$name"
tar -C "$tree" --format=ustar --sort=name --owner=0 --group=0 \
	--numeric-owner -c "$name" | xz -T1 -6 >"$out.new"
mv "$out.new" "$out"
echo "$out"

#!/bin/sh
# SPDX-License-Identifier: MIT
# Do the files of a release come from this tree? Builds them anew and compares;
# where they differ, names packages that differ from those it was built with.
# usage: verify.sh FOLDER       with SHA256SUMS and the rest of a release
set -eu
: "${BUILD:=build}"
from=${1:-}
[ -n "$from" ] && [ -s "$from/SHA256SUMS" ] || {
	echo "verify: FROM=FOLDER with the files of a release" >&2
	exit 2
}
from=$(realpath "$from")
(cd "$from" && sha256sum --quiet -c SHA256SUMS)
name=$(cd "$from" && ls *.digests | sed 's/\.digests$//')
if [ -f "$from/$name-ovmf.fd" ]; then
	OVMF=$from/$name-ovmf.fd
	export OVMF
fi
# As many as the release has.
CPUS_MAX=$(awk '!/^#/ { if ($2 > n) n = $2 } END { print n }' "$from/$name.digests")
export CPUS_MAX
scripts/release/files.sh >/dev/null
mine=$BUILD/release/coir-$(cat "$BUILD/version")
# Where there is no git there is no tarball to compare, nor a bill that names it.
skip='^$'
[ -f "$mine/$(basename "$mine").tar.xz" ] || {
	skip='\.tar\.xz$\|\.spdx\.json$'
	echo "verify: no git here: tarball and bill of materials are not compared"
}
grep -v -e "$skip" "$from/SHA256SUMS" | sort -k 2 >"$mine.theirs"
grep -v -e "$skip" "$mine/SHA256SUMS" | sort -k 2 >"$mine.ours"
if cmp -s "$mine.theirs" "$mine.ours"; then
	echo "verify: $(wc -l <"$mine.ours") files of $name are what this tree gives"
	rm -f "$mine.theirs" "$mine.ours"
	exit 0
fi
diff "$mine.theirs" "$mine.ours" | sed -n 's/^[<>] [0-9a-f]*  /verify: differs: /p' | sort -u
echo "verify: packages, theirs (<) and ours (>):"
diff "$from/$name.buildinfo" "$mine/$(basename "$mine").buildinfo" || true
rm -f "$mine.theirs" "$mine.ours"
exit 1

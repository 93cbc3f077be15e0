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
if cmp -s "$mine/SHA256SUMS" "$from/SHA256SUMS"; then
	echo "verify: every file of $name is what this tree gives"
	exit 0
fi
sort -k 2 "$from/SHA256SUMS" >"$mine.theirs"
sort -k 2 "$mine/SHA256SUMS" >"$mine.ours"
diff "$mine.theirs" "$mine.ours" | sed -n 's/^[<>] [0-9a-f]*  /verify: differs: /p' | sort -u
echo "verify: packages, theirs (<) and ours (>):"
diff "$from/$name.buildinfo" "$mine/$(basename "$mine").buildinfo" || true
rm -f "$mine.theirs" "$mine.ours"
exit 1

#!/bin/sh
# SPDX-License-Identifier: MIT
# Everything that a release is, in $BUILD/release/coir-VERSION: source, images,
# package, launch digests, notes, what it was built with, bill of materials, sums.
# In a tree without git there is no tarball; it came from one.
. scripts/release/env.sh
case $version in
*.dirty)
	echo "files: the tree has changes; a release is a commit" >&2
	exit 1
	;;
esac
dir=$BUILD/release/$name
rm -rf -- "$dir"
mkdir -p "$dir"
if git rev-parse -q --verify HEAD >/dev/null 2>&1 && [ ! -s VERSION ]; then
	mv "$(scripts/release/tarball.sh)" "$dir"
fi
mv "$(scripts/release/deb.sh)" "$dir"
scripts/release/images.sh build "$dir"
scripts/release/images.sh digests >"$dir/$name.digests"
scripts/release/notes.sh >"$dir/$name.notes"
scripts/release/buildinfo.sh >"$dir/$name.buildinfo"
scripts/release/sbom.py "$dir" >"$dir.spdx.json"
mv "$dir.spdx.json" "$dir/$name.spdx.json"
# Beside the folder: or the list would have itself in it, or not.
(cd "$dir" && find . -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum) \
	>"$dir.sums"
mv "$dir.sums" "$dir/SHA256SUMS"
settle "$dir"
# The sums carry everything else, so one signature is enough. It has a time in
# it, and is the one file that two makers do not share.
key=$(git config --get user.signingKey 2>/dev/null) || key=
if [ -n "$key" ] && [ "$(git config --get gpg.format || echo openpgp)" = openpgp ]; then
	gpg --batch --yes --local-user "$key" --armor --detach-sign "$dir/SHA256SUMS"
else
	echo "files: no key of OpenPGP, so SHA256SUMS is not signed" >&2
fi
ls -l "$dir"

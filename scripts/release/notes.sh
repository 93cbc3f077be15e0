#!/bin/sh
# SPDX-License-Identifier: MIT
# Print the notes of this version: from git, or from the file of a tarball.
. scripts/release/env.sh
if [ -s CHANGELOG ]; then
	cat CHANGELOG
elif git rev-parse -q --verify HEAD >/dev/null 2>&1; then
	"$BUILD/bin/release" notes "$version"
else
	echo "Coir $version"
	echo
	echo "There is no history in this tree."
fi

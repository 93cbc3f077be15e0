#!/bin/sh
# SPDX-License-Identifier: MIT
# Print this tree's version, the same wherever and whenever it is asked: the
# name of the release whose tag the commit bears, else devel+COMMITS.HASH, the
# commits since the last release (or all, before the first). The file VERSION of
# a release's tarball comes first, then what `git archive` wrote into
# scripts/archive.txt, then git. A tree with changes says `.dirty`.
# usage: version.sh           the version
#        version.sh --epoch   seconds since 1970 of the commit
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=${here%/*}
# Nobody's settings may reach the answer.
export LC_ALL=C GIT_OPTIONAL_LOCKS=0
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
tags='[0-9][0-9][0-9][0-9].[0-9][0-9][.-]*'

git_() { git -C "$root" "$@" 2>/dev/null; }

# A tree unpacked inside somebody else's repository is not that repository's.
ours() { [ "$(git_ rev-parse --is-inside-work-tree --show-prefix)" = true ]; }

# from COMMIT DESCRIPTION: TAG-COUNT-gHASH or TAG, as git describe puts it
from() {
	short=$(printf %.12s "$1")
	case $2 in
	*-*-g*)
		count=${2%-g*}
		count=${count##*-}
		[ "$count" != 0 ] || { echo "${2%-0-g*}" && return; }
		echo "devel+$count.$short"
		;;
	?*) echo "$2" ;;
	*) echo "devel+unknown.$short" ;;
	esac
}

from_git() {
	commit=$(git_ rev-parse HEAD) || { echo devel+unknown && return; }
	said=$(git_ describe --match "$tags" --abbrev=40 --long) || said=
	if [ -z "$said" ] && [ "$(git_ rev-parse --is-shallow-repository)" = false ]; then
		said=-$(git_ rev-list --count HEAD)-g$commit
	fi
	version=$(from "$commit" "$said")
	[ -z "$(git_ status --porcelain --untracked-files=no)" ] ||
		version=$version.dirty
	echo "$version"
}

# field NAME FILE: the rest of the line that starts with NAME
field() { sed -n "s/^$1 //p" "$2"; }

archive=$here/archive.txt
what=${1:-}
if [ -s "$root/VERSION" ]; then
	version=$(field version "$root/VERSION")
	epoch=$(field epoch "$root/VERSION")
elif ! grep -q '^commit .Format' "$archive"; then
	version=$(from "$(field commit "$archive")" "$(field describe "$archive")")
	epoch=$(field epoch "$archive")
elif ours; then
	version=$(from_git)
	epoch=$(git_ log -1 --format=%ct || echo 0)
else
	version=devel+unknown
	epoch=0
fi
[ "$what" != --epoch ] || version=$epoch
# It goes into compiler options and file names, and a file can hold anything.
case $version in
'' | *[!A-Za-z0-9.+-]* | ????????????????????????????????????????????????????????????????*)
	echo "version.sh: no version: '$version'" >&2
	exit 1
	;;
esac
echo "$version"

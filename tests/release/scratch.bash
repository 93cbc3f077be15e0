# SPDX-License-Identifier: MIT
# A repository to make releases in: folder $repo, tool `rel`, days by `on`.
set -uo pipefail
BUILD=$(realpath "${BUILD:-build}")
top=$PWD
work=$(mktemp -d "$BUILD/release.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
repo=$work/repo
# Nothing of the user's: no key, no hook, no name.
export HOME=$work GIT_CONFIG_NOSYSTEM=1 GNUPGHOME=$work/gnupg
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE XDG_CONFIG_HOME
cat >"$work/.gitconfig" <<'EOF'
[user]
	name = test
	email = test@localhost.invalid
[init]
	defaultBranch = main
[advice]
	detachedHead = false
EOF

fail() {
	echo "FAILED: $*"
	exit 1
}

day=2026-11-01
on() { day=$1; }
git_() { GIT_AUTHOR_DATE="$day 12:00 +0000" GIT_COMMITTER_DATE="$day 12:00 +0000" \
	git -C "$repo" "$@"; }

# rel WORD...: the tool, on that day; its output in $said, its status in $status
rel() {
	said=$(GIT_AUTHOR_DATE="$day 12:00 +0000" \
		GIT_COMMITTER_DATE="$day 12:00 +0000" \
		"$BUILD/bin/release" "$@" --repo "$repo" --date "$day" 2>&1)
	status=$?
}

# is STATUS TEXT WORD...: the tool ends so, and says this (a basic pattern)
is() {
	rel "${@:3}"
	[ $status = "$1" ] || fail "release ${*:3}: status $status: $said"
	grep -q -e "$2" <<<"$said" || fail "release ${*:3} does not say '$2': $said"
	echo "ok $day release ${*:3}: ${said%%$'\n'*}"
}

# change FILE MESSAGE...: a commit that changes it; each further word a paragraph
change() {
	mkdir -p "$(dirname "$repo/$1")"
	echo "$RANDOM $day" >>"$repo/$1"
	git_ add -A
	git_ commit -q -m "$2" ${3:+-m "$3"}
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 120
# A stream of releases from its first commit on, in a scratch repository: freeze,
# two development releases in one month, candidate, stable, two updates, and on
# each step what must be refused.
. tests/release/scratch.bash

mkdir "$repo"
git_ init -q
printf '#!/bin/sh\nexit 0\n' >"$work/good"
printf '#!/bin/sh\nexit 3\n' >"$work/bad"
printf '#!/bin/sh\necho x >left-behind\n' >"$work/dirties"
printf '#!/bin/sh\ngit commit -q --allow-empty -m other\n' >"$work/moves"
chmod +x "$work/good" "$work/bad" "$work/dirties" "$work/moves"
good=(--check "$work/good")

is 1 'no commit yet' next devel
change kernel/main.c 'kernel: the first of all'
is 0 '^2026.11-devel$' next devel
is 3 'no freeze is open' check devel
is 3 'no fix: kernel: the first of all' check devel
is 3 'nothing to stabilise' next rc
is 3 'no candidate' next stable
is 3 'not stable' next update
is 2 'neither devel' next nightly
is 2 'neither devel' tag 2026.11-devel.1

on 2026-11-02
echo x >"$repo/new-file"
is 3 'tree has changes' freeze open
rm "$repo/new-file"
is 3 'no freeze is open' freeze close
is 0 '' freeze open
is 3 'a freeze is open' freeze open
is 0 'freeze  *open for 0 days' status
on 2026-11-04
first=$(git_ rev-parse --short=12 HEAD^)
change kernel/main.c 'kernel: a repair' "Fixes: $first"
change docs/page.md 'docs: a page'
change tests/x.c 'tests: one more'
on 2026-11-08
is 3 'younger than 7 days' tag devel "${good[@]}"
on 2026-11-09
is 0 '^2026.11-devel$' check devel
echo x >"$repo/new-file"
is 3 'tree has changes' tag devel "${good[@]}"
rm "$repo/new-file"
echo x >>"$repo/kernel/main.c"
is 3 'tree has changes' tag devel "${good[@]}"
git_ checkout -q -- kernel
is 3 'the checks fail' tag devel --check "$work/bad"
is 3 'the checks fail' tag devel --check "$work/nowhere"
is 3 'changed while it was checked' tag devel --check "$work/dirties"
rm "$repo/left-behind"
is 3 'changed while it was checked' tag devel --check "$work/moves"
git_ reset -q --hard HEAD^
[ -z "$(git_ tag)" ] || fail "a refused release left a tag"
is 0 '^2026.11-devel$' tag devel "${good[@]}"
[ "$(git_ cat-file -t 2026.11-devel)" = tag ] || fail "the tag is not annotated"
git_ cat-file tag 2026.11-devel >"$work/tag"
for line in 'Freeze: kept' 'Checks: `.*` passed' 'Impact: GUEST-COMPATIBLE' \
	'The first release: 5 commits' '- kernel: a repair'; do
	grep -q -e "$line" "$work/tag" || fail "the notes lack '$line'"
done
grep -q 'the freeze opens' "$work/tag" && fail "the notes tell of the freeze's commit"
is 3 'this release exists' tag 2026.11-devel "${good[@]}"
is 3 'goes backwards' tag 2026.10-devel "${good[@]}"
is 3 'a commit of its own' tag devel "${good[@]}"
is 0 'freeze  *none' status
is 0 '^2026.11-devel.2$' next devel

# The second of the month; somebody did not wait.
on 2026-11-12
is 0 '' freeze open
on 2026-11-13
change abi/svsm/core.h 'abi: a call has another number' 'Impact: BREAKING'
change tools/x/main.c 'tools: something new' 'Impact: guest-compatible'
on 2026-11-20
is 3 'no fix: abi: a call has another number' tag devel "${good[@]}"
is 3 'no fix: tools: something new' tag devel "${good[@]}"
is 0 '^2026.11-devel.2$' tag devel --no-freeze "${good[@]}"
git_ cat-file tag 2026.11-devel.2 >"$work/tag"
for line in 'Freeze: OVERRIDDEN (--no-freeze)' 'no fix: tools: something new' \
	'^Impact: BREAKING' 'Since 2026.11-devel: 3 commits' '^BREAKING: ' \
	'- abi: a call has another number'; do
	grep -q -e "$line" "$work/tag" || fail "the notes lack '$line'"
done
sed -n '/^BREAKING/,/^GUEST/p' "$work/tag" | grep -q 'something new' &&
	fail "a change is in the wrong class"

# A merge that changes more than its parents did is a change.
git_ checkout -q -b side
change docs/side.md 'docs: aside'
git_ checkout -q main
change docs/main.md 'docs: on main'
git_ merge -q --no-ff -m 'merge: both' side
on 2026-11-21
is 0 '' freeze open
on 2026-11-28
is 0 '^2026.11-devel.3$' check devel
git_ reset -q --hard HEAD^^
git_ merge -q --no-ff --no-commit side
echo evil >>"$repo/kernel/main.c"
git_ add -A
git_ commit -q -m 'merge: both, and more'
git_ rev-parse -q --verify HEAD^2 >/dev/null || fail "no merge was made"
is 3 'no fix: merge: both, and more' check devel
git_ reset -q --hard HEAD^
# A date long ago does not carry a commit past a freeze.
on 2026-11-21
is 0 '' freeze open
on 2026-01-01
change kernel/main.c 'kernel: from last winter'
on 2026-11-28
is 3 'no fix: kernel: from last winter' check devel
is 0 '' freeze close
is 0 'freeze  *none' status
git_ reset -q --hard HEAD^^^

# A candidate needs no freeze; the record of the checks must be of this commit.
on 2026-11-22
change kernel/main.c 'kernel: last repair' 'Fixes: 2026.11-devel.2'
record() { printf 'commit %s\nresult %s\n' "$1" "$2" >"$work/record"; }
head=$(git_ rev-parse HEAD)
for bad in "$head 0 passed, 0 failed" "$head 9 passed, 1 failed" \
	"${head%?}0 9 passed, 0 failed" "$head 9 passed, 0 failed " "x 9 passed"; do
	record "${bad%% *}" "${bad#* }"
	[ "${bad%% *}" != "$head" ] || [ "$bad" != "$head 9 passed, 0 failed" ] || continue
	is 3 'no record that all checks passed' tag rc --checked "$work/record"
done
is 1 'No such file' tag rc --checked "$work/nowhere"
record "$head" '9 passed, 0 failed'
is 3 'next of its kind is 2026.11-rc1' tag 2026.11-rc2 --checked "$work/record"
is 0 '^2026.11-rc1$' tag rc --checked "$work/record"
git_ cat-file tag 2026.11-rc1 | grep -q 'Checks: 9 passed, 0 failed' || fail "no proof in the notes"
git_ commit -q --allow-empty -m 'release: 2026.11.0'
on 2026-12-02
is 0 '^2026.11.0$' tag stable "${good[@]}"
git_ cat-file tag 2026.11.0 | grep -q 'Since 2026.11-rc1: 1 commits' || fail "notes of .0"
git_ branch lts
change kernel/main.c 'kernel: repair of a repair' 'Fixes: 2026.11.0'
is 0 '^2026.11.1$' tag update "${good[@]}"
change kernel/main.c 'kernel: and again' 'Fixes: 2026.11.1'
is 0 '^2026.11.2$' tag 2026.11.2 "${good[@]}"
is 3 'goes backwards' check 2026.11-rc2
is 3 'nothing to stabilise' check rc

# The next month, and an update of the last one's stable release beside it.
is 0 '' freeze open
on 2026-12-09
is 0 '^2026.12-devel$' tag devel "${good[@]}"
change kernel/main.c 'kernel: not for users of stable'
is 3 'not stable' next update
git_ checkout -q -b stable-2026.11 2026.11.2
change kernel/main.c 'kernel: urgent' 'Fixes: 2026.11.2'
is 0 '^2026.11.3$' tag update "${good[@]}"
is 3 'nothing to stabilise' next rc
git_ cat-file tag 2026.11.3 | grep -q 'Since 2026.11.2: 1 commits' || fail "notes of .3"

# The stream orders itself, for us and for dpkg, from any clone.
made='2026.11-devel 2026.11-devel.2 2026.11-rc1 2026.11.0 2026.11.1 2026.11.2
2026.11.3 2026.12-devel'
git clone -q "$repo" "$work/clone"
git -C "$work/clone" tag | shuf --random-source=<(yes) | "$BUILD/bin/release" order >"$work/order"
[ "$(tr '\n' ' ' <"$work/order")" = "$(echo $made) " ] || fail "order: $(cat "$work/order")"
last=
for name in $made; do
	[ -z "$last" ] || [ "$("$BUILD/bin/release" compare "$last" "$name")" = '<' ] ||
		fail "$last is not before $name"
	[ -z "$last" ] || dpkg --compare-versions \
		"$("$BUILD/bin/release" debian "$last")" lt \
		"$("$BUILD/bin/release" debian "$name")" || fail "dpkg: $last, $name"
	last=$name
done
echo "ok the order of $(wc -l <"$work/order") names, dpkg's the same"
repo=$work/clone
git_ checkout -q 2026.12-devel
git_ commit -q --allow-empty -m 'more'
is 0 '^2026.12-devel.2$' next devel

# A key that git knows must sign, or there is no release.
git_ config user.signingKey nobody@localhost.invalid
is 1 'git failed' tag rc "${good[@]}"
mkdir -m 700 "$GNUPGHOME"
if ! gpg --batch --quiet --passphrase '' --quick-generate-key \
	'test <nobody@localhost.invalid>' ed25519 sign never >"$work/gpg" 2>&1; then
	cat "$work/gpg"
	fail "gpg makes no key"
fi
is 0 '^2026.12-rc1$' tag rc "${good[@]}"
git_ verify-tag 2026.12-rc1 2>"$work/gpg" || fail "the signature is not good: $(cat "$work/gpg")"
gpgconf --kill gpg-agent
echo "ok the tag is signed"

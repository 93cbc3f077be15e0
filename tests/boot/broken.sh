#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# Broken images: one clear line with the offset and status 2, from each tool,
# from coir-vm and, for a sample of them, from the emulated machine itself.
. tests/boot/machine.bash

guest_image probe 1 x
cp "$work/image.igvm" "$work/good.igvm"
python3 tests/vectors/broken.py "$work/good.igvm" "$work/broken" >/dev/null ||
	fail "no broken files made"

# refused NAME COMMAND...: status 2 and exactly one line that names an offset
refused() {
	local name=$1 status=0
	shift
	"$@" </dev/null >"$work/out" 2>"$work/err" || status=$?
	[ $status = 2 ] || fail "$1 on $name: status $status"
	[ "$(wc -l <"$work/err")" = 1 ] || fail "$1 on $name: $(cat "$work/err")"
	grep -q -E 'offset|byte' "$work/err" ||
		fail "$1 on $name gives no offset: $(cat "$work/err")"
}

count=0
for file in "$work"/broken/*; do
	for tool in igvmmeasure igvminfo coir-vm; do
		refused "$file" "$bin/$tool" "$file"
	done
	if [ $((count % 16)) = 0 ]; then
		refused "$file" "$bin/coir-vm" --unchecked --timeout 30 "$file"
	fi
	count=$((count + 1))
done
[ $count -ge 50 ] || fail "only $count broken files"
echo "$count broken files, each refused"

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 400
# The hostile guest notices a fault in the SVSM: each kernel of tests/mutants/
# has one planted. hostile-mutants.sh NAME...: those alone.
. tests/boot/hostile.bash

names=$*
[ -n "$names" ] || names=$(cd tests/mutants && echo *.sed)
for name in $names; do
	name=${name%.sed}
	make -s BUILD="$BUILD" "$BUILD/mutant/$name.elf" ||
		fail "$name cannot be built"
	svsm=$BUILD/mutant/$name.elf
	(hostile 0 2 2000 1 40 && hostile_passes) >"$work/words" 2>&1 &&
		fail "$name is not noticed"
	has serial 'Coir [^ ]* on SEV-SNP' # it did start
	why=$(grep -a -h -m 1 -e '^strange:' -e '^FAILED' -e 'takes too long' \
		-e 'violation:' -e 'panic' "$work/serial" "$work/log" |
		head -n 1)
	[ -n "$why" ] || why=$(grep -m 1 'ended with 124' "$work/words") ||
		fail "$name: ended for no reason"
	echo "$name: ${why:0:100}"
done

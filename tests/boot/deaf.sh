#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# alone
# CPUs that do not answer a flush: they stay in the handler of an NMI. After a while
# (about 20 s at 3 GHz) the VM ends with a line that names them and no other, also
# when several CPUs wait for them; another one's panic ends it at once. Where all
# answer it does not end.
. tests/boot/native.bash
all=$work

# deaf NAME STATUS WORDS: in a folder of its own, beside the others
deaf() {
	work=$all/$1
	mkdir "$work"
	local start=$SECONDS
	native "$2" 100 4 "$3" --threads one
	echo "$1: $((SECONDS - start)) s:" \
		"$(grep -a -o -m 1 -e 'panic: .*' -e 'deaf: passed.*' "$work/serial")"
	echo $((SECONDS - start)) >"$work/seconds"
}

# named NAME CPUS: these, after the time of patience
named() {
	work=$all/$1
	has serial "panic: flush [0-9]*: no answer for 6[0-9]\{10\} ticks: CPU$2\$"
	[ "$(grep -a -c panic: "$work/serial")" = 1 ] || fail "more than one panic"
	[ "$(cat "$work/seconds")" -ge 10 ] || fail "$1 had no patience"
}

(deaf none 0 deaf=0) &
jobs=$!
(deaf one 100 deaf=4) &
jobs+=" $!"
(deaf two 100 'deaf=10') &
jobs+=" $!"
(deaf three-wait 100 'deaf=8 flushers=3') &
jobs+=" $!"
(deaf falls 100 'deaf=8 falls=2') &
jobs+=" $!"
for job in $jobs; do
	wait "$job" || bad=1
done
[ -z "${bad:-}" ] || fail "as above"

named one ' 2'
named two ' 1 3'
named three-wait ' 3'
work=$all/falls
has serial 'panic: another one falls'
lacks serial 'no answer'
[ "$(cat "$work/seconds")" -le 10 ] || fail "it fell too late"
work=$all

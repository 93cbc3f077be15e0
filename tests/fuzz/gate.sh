#!/bin/bash
# SPDX-License-Identifier: MIT
# The fuzzers' judge on trial: what a fault, a hang, a program that is not there
# and one that ends without a word come to, beside a fuzzer that is sound.
set -u
export BUILD=${BUILD:-build}
mkdir -p "$BUILD/fuzz"
work=$(mktemp -d "$BUILD/fuzz/gate.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

fail() {
	echo "$*"
	cat "$work/said"
	exit 1
}

# planted NAME STATEMENT: a fuzzer that does this with `data` and `size`
planted() {
	cat >"$work/$1.c" <<-END
		#include <stddef.h>
		#include <stdint.h>
		#include <stdlib.h>
		int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
		int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
		{
			$2
			return 0;
		}
	END
	"${CLANG:-clang}" -O1 -fsanitize=fuzzer,address \
		-o "$work/$1" "$work/$1.c" || fail "clang failed"
}

# judged STATUS JOBS PROGRAM...
judged() {
	local wanted=$1 jobs=$2 status=0
	shift 2
	BUILD=$work FUZZ_SEED=1 FUZZ_JOBS=$jobs FUZZ_SHRINK=2 \
		timeout 200 scripts/fuzz.sh 1 "$@" >"$work/said" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || fail "status $status, not $wanted"
}

says() {
	grep -q -e "$1" "$work/said" || fail "no '$1'"
}

: >"$work/said"
planted sound 'if (size && data[0] == 1) return 0;'
planted over 'static volatile int at[4]; if (size > 3 && data[0] == 67) at[size] = 1;'
planted mute '(void)data; (void)size; _Exit(0);'

for jobs in 1 2 5; do
	judged 0 $jobs "$work/sound"
	says '^fuzz: 1 fuzzers, [1-9][0-9]* executions, [0-9]* new inputs, 0 faults$'

	judged 1 $jobs "$work/over" "$work/sound"
	says '^sound  *[1-9][0-9]* executions'
	says 'FAULT in over'
	says 'AddressSanitizer: global-buffer-overflow'
	says "repeat: $work/over $work/fuzz/small-over"
	says '^fuzz: 2 fuzzers, .* 1 faults$'
	"$work/over" "$work/fuzz/small-over" >/dev/null 2>&1 &&
		fail "the case that was made smaller does not fail"
done

judged 1 2 "$work/sound" "$work/missing"
says 'FAULT in missing, status 127'
says '^fuzz: 2 fuzzers, .* 1 faults$'
judged 1 2 "$work/sound" "$work/mute"
says 'FAULT in mute'
echo "a fault is found, made smaller and told; the missing and the mute count"

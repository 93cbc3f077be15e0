#!/bin/sh
# SPDX-License-Identifier: MIT
# Run one fuzzer over its kept corpus, then for SECONDS on new inputs, which
# stay in the build folder. usage: fuzz.sh PROGRAM SECONDS
set -eu
name=$(basename "$1")
kept=tests/fuzz/corpus/$name
new=$BUILD/fuzz/new/$name
mkdir -p "$new"
[ -d "$kept" ] || kept=
echo "== $name for $2 s"
exec timeout $(($2 + 120)) "$1" -max_total_time="$2" -timeout=10 \
	-rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
	-artifact_prefix="$BUILD/fuzz/crash-$name-" "$new" $kept

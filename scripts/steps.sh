#!/bin/sh
# SPDX-License-Identifier: MIT
# Judge a guest's serial log: as many jobs as were asked for ended, each with the
# line `N of N steps passed`, and N is not 0.
# usage: steps.sh LOG JOB,JOB...
set -eu
tr -d '\r' <"$1" | awk -v jobs="$2" '
	/^[0-9]+ of [0-9]+ steps passed$/ {
		ended++
		passed += $1
		steps += $3
		if ($1 != $3 || $3 == 0)
			bad++
	}
	END {
		asked = split(jobs, names, ",")
		printf "steps: %d of %d jobs ended, %d of %d steps passed\n",
			ended, asked, passed, steps
		exit bad || ended != asked
	}'

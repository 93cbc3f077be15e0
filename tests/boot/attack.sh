#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 900
# A host that attacks, by scenario: each ends as docs/attacks.md says.
WORK=$(mktemp -d "${BUILD:-build}/attack.XXXXXX")
trap 'rm -rf -- "$WORK"' EXIT
export WORK
scripts/attack.py

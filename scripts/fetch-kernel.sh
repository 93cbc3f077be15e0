#!/bin/sh
# SPDX-License-Identifier: MIT
# Print the path of a stock Debian kernel (6.12 or newer), fetched if needed.
# usage: fetch-kernel.sh cloud|generic|tpm   (tpm: see docs/tpm.md)
set -eu
dir=$("$(dirname "$0")/debs.py" kernel "${1:-cloud}")
ls "$dir"/boot/vmlinuz-*

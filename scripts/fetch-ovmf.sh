#!/bin/sh
# SPDX-License-Identifier: MIT
# Print the path of a stock Debian OVMF.fd, fetched if needed, never installed.
# usage: fetch-ovmf.sh new|2025.02    (new: with IGVM metadata, 2026.08 or later)
set -eu
here=$(dirname "$0")

case "${1:-new}" in
new) tries="forky sid" packages="ovmf-generic" ;;
2025.02) tries="trixie" packages="ovmf" ;;
*) echo "usage: fetch-ovmf.sh new|2025.02" >&2; exit 2 ;;
esac

for suite in $tries; do
	dir=$("$here/fetch-deb.sh" "$suite" $packages) || continue
	ls "$dir/usr/share/ovmf/OVMF.fd"
	exit
done
echo "fetch-ovmf: no OVMF $1 in any of: $tries" >&2
exit 1

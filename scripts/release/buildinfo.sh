#!/bin/sh
# SPDX-License-Identifier: MIT
# What a release was built with, as far as its bytes depend on it: a line PACKAGE
# VERSION for each of Debian, and the sum of the firmware.
. scripts/release/env.sh
echo "# Coir $version was built with these packages of Debian"
{
	for service in $(services); do
		scripts/release/linked.sh "$service" | cut -d' ' -f1
	done
	for tool in "$CC" ld strip tar xz gzip dpkg-deb git; do
		path=$(realpath "$(command -v "$tool")")
		dpkg -S "$path" 2>/dev/null || dpkg -S "${path#/usr}" 2>/dev/null ||
			echo "$tool: not of a package" >&2
	done | cut -d: -f1
	# The compiler proper, and headers and libraries that tools are built with.
	echo libssl-dev
	echo zlib1g-dev
	"$CC" -print-prog-name=cc1 | xargs realpath | xargs dpkg -S | cut -d: -f1
} | sort -u | xargs dpkg-query -W -f '${Package} ${Version}\n' | sort -u

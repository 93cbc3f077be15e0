#!/bin/sh
# SPDX-License-Identifier: MIT
# What a program was linked with: a line PACKAGE VERSION SOURCE FILE for each
# archive and object of Debian in a static one, by the linker's own map, and for
# each shared library of a dynamic one. usage: linked.sh PROGRAM
set -eu
: "${BUILD:=build}"
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
program=$1
map=$BUILD/obj/service/$(basename "$program").map

# files: one path a line
files() {
	if [ "${program%/services/*}" != "$program" ]; then
		# Archives of which a member was taken, and objects.
		sed -n '/^Archive member included/,/^Discarded input\|^Memory Config/{
			s/^\(\/.*\.a\)(.*/\1/p
		}' "$map"
		sed -n 's/^LOAD \(\/.*\.o\)$/\1/p' "$map"
	else
		readelf -dW "$program" |
			sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
			while read -r soname; do
				ldconfig -p | sed -n "s/.*	$soname (libc6,x86-64.*=> //p" |
					head -n 1
			done
	fi
}

files | grep -v "^$PWD/\|^$BUILD/" | sort -u | while read -r file; do
	real=$(realpath "$file")
	# Packages of a merged /usr may still say /lib.
	package=$({ dpkg -S "$real" || dpkg -S "${real#/usr}"; } 2>/dev/null |
		grep -v '^diversion ' | head -n 1)
	package=${package%%[:,]*}
	[ -n "$package" ] || {
		echo "linked: no package has $file" >&2
		exit 1
	}
	dpkg-query -W -f "$package \${Version} \${source:Package} $real\n" \
		"$package" | head -n 1
done

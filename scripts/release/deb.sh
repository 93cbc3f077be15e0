#!/bin/sh
# SPDX-License-Identifier: MIT
# The tools as a Debian package, $BUILD/release/coir_VERSION_amd64.deb: tools,
# emulated machine, SVSM, services, manual pages, docs. The same bytes from the
# same commit; it installs on Debian 12 and 13 if it was built on 12.
# MAINTAINER: who answers for this package.
. scripts/release/env.sh
: "${MAINTAINER:=Coir <coir@localhost.invalid>}"
bin=$BUILD/bin
out=$BUILD/release/coir_${debian}_amd64.deb
mkdir -p "$BUILD/release"
root=$(mktemp -d "$BUILD/release/deb.XXXXXX")
trap 'rm -rf -- "$root"' EXIT
doc=$root/usr/share/doc/coir
lib=$root/usr/lib/coir
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$lib/services" "$doc/linked" \
	"$root/usr/share/man/man1" "$root/usr/share/lintian/overrides"

# stackuse and release are for those who change Coir, in its own tree.
tools=
for page in "$BUILD"/share/man/man1/*.1; do
	tool=$(basename "$page" .1)
	case $tool in stackuse | release) continue ;; esac
	tools="$tools $bin/$tool"
	strip -o "$root/usr/bin/$tool" --strip-unneeded \
		--remove-section=.comment "$bin/$tool"
	gzip -9n <"$page" >"$root/usr/share/man/man1/$tool.1.gz"
done
strip -o "$lib/coir-svsm.elf" --strip-unneeded "$bin/coir-svsm.elf"
cp "$bin/emu.bin" "$lib"
# To the byte: they are measured as files.
cp $(services) "$lib/services"
chmod 755 "$root"/usr/bin/* "$lib"/services/*
chmod 644 "$lib/coir-svsm.elf" "$lib/emu.bin"

for page in README.md docs/*.md; do
	gzip -9n <"$page" >"$doc/$(basename "$page").gz"
done

# What a service is linked with is in it: its terms go with it.
for service in $(services); do
	scripts/release/linked.sh "$service"
done | while read -r package rest; do
	cp "/usr/share/doc/$package/copyright" "$doc/linked/$package.copyright"
done
{
	cat <<EOF
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Coir
Comment: The programs in /usr/lib/coir/services are linked with libraries of
 Debian, whose terms are in /usr/share/doc/coir/linked. They can be linked anew,
 with other versions of these, from Coir's source by \`make services\`.

Files: *
Copyright: 2026 The Coir authors
License: Expat

License: Expat
EOF
	sed -n '/^Permission is/,$p' LICENSE | sed 's/^$/./; s/^/ /'
} >"$doc/copyright"

{
	echo "coir ($debian) unstable; urgency=medium"
	echo
	echo "  * Coir $version"
	scripts/release/notes.sh | sed -n '2,$p' | sed 's/^- //' | grep . |
		fold -s -w 72 | sed 's/ *$//; s/^/    /; 1s/^ */  * /'
	echo
	echo " -- $MAINTAINER  $(date -u -R -d "@$epoch")"
} | gzip -9n >"$doc/changelog.gz"

{
	cat <<'EOF'
# The SVSM itself: it runs on bare metal.
coir binary: statically-linked-binary [usr/lib/coir/coir-svsm.elf]
# Programs for ring 3 of the SVSM: no loader, no shared library is there. Their
# bytes are measured, so they may not change with what happens to be installed.
EOF
	for service in $(services); do
		at="[usr/lib/coir/services/${service##*/}]"
		echo "coir binary: statically-linked-binary $at"
		# Debian 13's lintian knows it, within libcrypto.
		echo "coir binary: embedded-library zlib $at"
	done
} >"$root/usr/share/lintian/overrides/coir"

# Shared libraries by what they were called in Debian 12 and 13.
least=$(objdump -T $tools | sed -n 's/.*GLIBC_\([0-9.]*\).*/\1/p' | sort -Vu |
	tail -n 1)
sonames=$(readelf -dW $tools | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u)
for soname in $sonames; do
	case $soname in
	libc.so.6 | libcrypto.so.3 | libssl.so.3 | libz.so.1) ;;
	*)
		echo "deb: which package has $soname?" >&2
		exit 1
		;;
	esac
done
depends="libc6 (>= $least), libssl3t64 | libssl3 (>= 3.0.0), zlib1g"

settle "$root"
(cd "$root" && find usr -type f | sort | xargs -d '\n' md5sum >DEBIAN/md5sums)
cat >"$root/DEBIAN/control" <<EOF
Package: coir
Version: $debian
Architecture: amd64
Maintainer: $MAINTAINER
Installed-Size: $(find "$root/usr" -type f -printf '%s\n' | awk '{ n += int(($1 + 1023) / 1024) } END { print n + 0 }')
Depends: $depends
Recommends: qemu-system-x86 (>= 1:7.2)
Section: utils
Priority: optional
Description: SVSM for confidential VMs, its tools and an emulated machine
 Coir is a Secure VM Service Module for AMD SEV-SNP: a small kernel that runs at
 the highest privilege level of a confidential VM and gives its guest what the
 host must not be trusted with, a TPM among it.
 .
 This package has the tools that build, measure and inspect its launch image,
 the SVSM and its services for such images, and an emulated SEV-SNP machine, on
 unmodified QEMU, that boots them on any computer.
EOF
settle "$root"
dpkg-deb --root-owner-group -Zxz -z6 --threads-max=1 --build "$root" "$out.new" >/dev/null
mv "$out.new" "$out"
echo "$out"

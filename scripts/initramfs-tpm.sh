#!/bin/sh
# SPDX-License-Identifier: MIT
# Build an initramfs with a TPM's users: Debian 13's tpm2-tools and
# systemd-analyze with all their libraries, and Linux's driver for the TPM of an
# SVSM. Boots with the kernel that `fetch-kernel.sh tpm` prints.
# usage: initramfs-tpm.sh OUTPUT [--add FILE=PATH]...
set -eu
here=$(dirname "$0")
: "${CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/coir}"
export CACHE
out=$1
shift
kernel=$("$here/fetch-kernel.sh" tpm)
module=$("$here/tpm-module.sh")
tree=$("$here/debs.py" closure trixie tpm2-tools libtss2-tcti-device0t64 \
	systemd coreutils)

# The programs take long to compress and seldom change: an archive of their
# own, kept. The kernel unpacks one archive after the other.
key=$(cat "$tree/.packages" "$0" "$here/initramfs.py" | sha256sum)
programs=$CACHE/initramfs-tpm/$(echo "$key" | cut -c1-16).xz
if [ ! -s "$programs" ]; then
	mkdir -p "${programs%/*}"
	lib=usr/lib/x86_64-linux-gnu
	# What dlopen() loads by name is in no list of needed libraries;
	# sha384sum is what busybox lacks of the TPM's digests.
	"$here/initramfs.py" --output "$programs.$$" --tree "$tree" \
		--program usr/bin/tpm2 --program usr/bin/tss2 \
		--program usr/bin/systemd-analyze --program usr/bin/sha384sum \
		--program $lib/libtss2-tcti-device.so.0 --folder etc/tpm2-tss
	mv "$programs.$$" "$programs"
fi

"$here/initramfs.sh" "$out.system" "$kernel" --module "$module" \
	--guest "$here/../guest/tpm" "$@"
cat "$programs" "$out.system" >"$out"
rm "$out.system"

#!/bin/sh
# SPDX-License-Identifier: MIT
# Print the path of tpm_svsm.ko: Linux's own driver for the TPM of an SVSM, which
# Debian's kernels are built without, from Debian's source, unmodified, against
# Debian's headers of the kernel that `fetch-kernel.sh tpm` prints.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/coir}"
export CACHE
# The kernel's configuration is gcc's: whatever else builds the rest of the tree.
CC=gcc

die() { echo "tpm-module: $*" >&2; exit 1; }

kernel=$("$here/fetch-kernel.sh" tpm)
release=${kernel##*/vmlinuz-}
root=$(cd "$(dirname "$kernel")/.." && pwd)
# Another kernel, compiler or way to build it is another module.
key=$("$CC" --version | cat - "$0" | sha256sum | cut -c1-16)
out=$CACHE/tpm-module/$release-$key
module=$out/tpm_svsm.ko
if [ -s "$module" ]; then
	echo "$module"
	exit 0
fi

mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

# The driver and the header it shares with the TPM core, nothing else.
tarball=$(ls "$root"/usr/src/linux-source-*.tar.xz)
top=$(basename "$tarball" .tar.xz)
mkdir "$work/driver"
# tar ends once it has both: reading all of the source takes a minute.
tar -xJf "$tarball" -C "$work/driver" --strip-components=4 --occurrence=1 \
	"$top/drivers/char/tpm/tpm_svsm.c" "$top/drivers/char/tpm/tpm.h" ||
	die "no drivers/char/tpm/tpm_svsm.c in $tarball"
echo "obj-m := tpm_svsm.o" >"$work/driver/Makefile"

# The packages expect to lie below /usr/src, and kbuild writes: so copies.
kbuild=$(basename "$(ls -d "$root"/usr/lib/linux-kbuild-*)")
headers=linux-headers-$release
headers_common=$(basename "$(ls -d "$root"/usr/src/linux-headers-*-common)")
mkdir -p "$work/usr/src" "$work/usr/lib"
cp -a "$root/usr/lib/$kbuild" "$work/usr/lib/"
cp -a "$root/usr/src/$headers" "$work/usr/src/"
ln -s "$root/usr/src/$headers_common" "$work/usr/src/"
sed -i "s|/usr/src|$work/usr/src|g" "$work/usr/src/$headers/Makefile"

# These two want a newer libc than Debian 12 has: each runs with its own.
lib=$root/usr/lib/x86_64-linux-gnu
for tool in scripts/mod/modpost.real-lsb-64 tools/objtool/objtool.real-x86; do
	file=$work/usr/lib/$kbuild/$tool
	mv "$file" "$file.elf"
	cat >"$file" <<-END
	#!/bin/sh
	exec '$lib/ld-linux-x86-64.so.2' --library-path '$lib' '$file.elf' "\$@"
	END
	chmod +x "$file"
done

# What the kernel's own compiler took and this one may not know, and what
# depends on a path or a package of the machine, is left out; the ABI is not
# touched by either.
set -- CONFIG_DEBUG_INFO= CONFIG_DEBUG_INFO_BTF_MODULES=
"$CC" -fmin-function-alignment=16 -E -x c /dev/null >/dev/null 2>&1 ||
	set -- "$@" CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$work/usr/src/$headers" \
	M="$work/driver" CC="$CC" "$@" modules >"$out/log" 2>&1 || {
	tail -n 20 "$out/log" >&2
	die "could not build the driver for $release; see $out/log"
}

# insmod compares this word by word; an undefined symbol has ended make.
vermagic() { tr '\0' '\n' | sed -n 's/^vermagic=//p'; }
other=$(find "$root/usr/lib/modules/$release" -name '*.ko.xz' | sort | head -n 1)
want=$(xz -dc "$other" | vermagic)
have=$(vermagic <"$work/driver/tpm_svsm.ko")
[ -n "$want" ] && [ "$want" = "$have" ] ||
	die "the driver is for \`$have', the kernel is \`$want'"
mv "$work/driver/tpm_svsm.ko" "$module"
echo "$module"

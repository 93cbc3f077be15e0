#!/bin/sh
# SPDX-License-Identifier: MIT
# Print the path of a qemu-system-x86_64 of another Debian release, run with
# its own libraries and never installed. usage: fetch-qemu.sh 10.0|11.1
set -eu
here=$(dirname "$0")
: "${CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/coir}"
export CACHE

case "${1:-}" in
10.0) suites="trixie bookworm-backports" ;;
11.1) suites="trixie-backports forky sid" ;;
*) echo "usage: fetch-qemu.sh 10.0|11.1" >&2; exit 2 ;;
esac

wrapper=$CACHE/qemu-$1/qemu-system-x86_64
if [ -x "$wrapper" ]; then
	echo "$wrapper"
	exit 0
fi

for suite in $suites; do
	case "$("$here/debs.py" version "$suite" qemu-system-x86 || :)" in
	1:"$1".*) ;;
	*) continue ;;
	esac
	root=$("$here/debs.py" closure "$suite" qemu-system-x86 seabios ipxe-qemu)
	lib=$root/usr/lib/x86_64-linux-gnu
	loader=$(find "$root" -name ld-linux-x86-64.so.2 | head -n 1)
	# Modules it does not find at home it would take from the system's own
	# QEMU, and fail on them: that path must lead nowhere.
	LC_ALL=C sed -i \
		's|/usr/lib/x86_64-linux-gnu/qemu|/nowhere/x86_64-linux-gnu/qemu|g' \
		"$root/usr/bin/qemu-system-x86_64"
	mkdir -p "$(dirname "$wrapper")"
	cat >"$wrapper.new" <<-END
	#!/bin/sh
	# QEMU of $suite with its own libraries and firmware.
	QEMU_MODULE_DIR='$lib/qemu' exec '$loader' --library-path \\
	'$lib:$lib/pulseaudio:$root/lib/x86_64-linux-gnu' \\
	'$root/usr/bin/qemu-system-x86_64' -L '$root/usr/share/qemu' \\
	-L '$root/usr/share/seabios' -L '$root/usr/lib/ipxe/qemu' "\$@"
	END
	chmod +x "$wrapper.new"
	"$wrapper.new" --version >&2
	mv "$wrapper.new" "$wrapper"
	echo "$wrapper"
	exit 0
done
echo "fetch-qemu: no QEMU $1 in any of: $suites" >&2
exit 1

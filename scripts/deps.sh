#!/bin/sh
# SPDX-License-Identifier: MIT
# Install the Debian packages of one set (build, run, check, ...) that are not
# there yet; silent when nothing is missing.
set -eu

case "${1:-}" in
build) want="gcc libc6-dev binutils libssl-dev libtpms-dev
	libzstd-dev zlib1g-dev python3" ;;
run)   want="qemu-system-x86 xz-utils" ;;
check) want="clang clang-format clang-tidy cppcheck git gpg gpg-agent
	libclang-rt-dev libcmocka-dev libzydis-dev lintian linux-libc-dev
	openssl mandoc swtpm tpm2-tools" ;;
bench) want="swtpm" ;;
coverage) want="llvm" ;;
*) echo "usage: deps.sh build|run|check|bench|coverage" >&2; exit 2 ;;
esac

missing=
for p in $want; do
	case "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null)" in
	*" installed") ;;
	*) missing="$missing $p" ;;
	esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	as_root="sudo"
	if ! command -v sudo >/dev/null; then
		echo "deps: please run as root: apt-get install$missing" >&2
		exit 1
	fi
fi

apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y
	-o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300"
echo "deps: installing Debian packages:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# One stale third-party source must not stop us: what counts is the install.
$apt update >"$log" 2>&1 || echo "deps: apt-get update complained; going on"
if ! $apt install --no-install-recommends $missing >>"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "deps: could not install$missing" >&2
	exit 1
fi

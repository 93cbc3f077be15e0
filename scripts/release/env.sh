# SPDX-License-Identifier: MIT
# What the scripts of a release share, sourced: nothing of whoever builds may
# reach the bytes. From the caller: BUILD. Sets $version, $epoch, $name, $debian.
set -eu
: "${BUILD:=build}"
umask 022
export LC_ALL=C TZ=UTC
unset GZIP XZ_OPT XZ_DEFAULTS TAR_OPTIONS DPKG_DEB_COMPRESSOR_TYPE \
	DPKG_DEB_COMPRESSOR_LEVEL DPKG_DEB_THREADS_MAX

version=$(cat "$BUILD/version")
epoch=${SOURCE_DATE_EPOCH:-$(scripts/version.sh --epoch)}
export SOURCE_DATE_EPOCH="$epoch"
name=coir-$version
# A commit between releases is older than every release for dpkg.
debian=$("$BUILD/bin/release" debian "$version" 2>/dev/null) ||
	debian="0~$version"

# services: the files of those that are shipped
services() {
	for service in "$BUILD"/services/*; do
		[ "${service##*/}" = probe ] || echo "$service"
	done
}

# settle FOLDER: modes and times that say nothing
settle() {
	find "$1" -type d -exec chmod 755 {} +
	find "$1" -exec touch -h -d "@$epoch" {} +
}

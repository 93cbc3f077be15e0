#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# The Debian package: dpkg takes it, lintian has nothing against it, and from
# where it unpacks the tools find the SVSM, the vTPM and the emulated machine, give
# the digest of the build, and boot.
set -euo pipefail
BUILD=$(realpath "${BUILD:-build}")
export BUILD
work=$(mktemp -d "$BUILD/package.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

fail() {
	echo "$*"
	exit 1
}

# Made apart: another test compares what lies in $BUILD/release.
mkdir "$work/build"
for part in bin services share guest version; do
	ln -s "$BUILD/$part" "$work/build/$part"
done
mkdir "$work/build/obj"
ln -s "$BUILD/obj/service" "$work/build/obj/service"
deb=$(BUILD=$work/build scripts/release/deb.sh)
dpkg-deb --info "$deb" >"$work/info"
dpkg-deb --contents "$deb" >"$work/contents"
cat "$work/info"
awk '$2 != "root/root" { print; bad = 1 } END { exit bad }' "$work/contents" ||
	fail "not root's"
awk '$1 ~ /^-/ && $1 !~ /^-rw(-r--r--|xr-xr-x)$/ { print; bad = 1 } END { exit bad }' \
	"$work/contents" || fail "a strange mode"
for file in bin/igvmbuild bin/igvmmeasure bin/igvminfo bin/coir-vm bin/tpm-bridge \
	lib/coir/coir-svsm.elf lib/coir/emu.bin lib/coir/services/vtpm \
	share/man/man1/coir-vm.1.gz share/doc/coir/copyright \
	share/doc/coir/linked/libtpms-dev.copyright; do
	grep -q " ./usr/$file$" "$work/contents" || fail "no $file"
done
if command -v lintian >/dev/null; then
	root=
	[ "$(id -u)" != 0 ] || root=--allow-root
	lintian $root --fail-on error,warning "$deb" || fail "lintian complains"
	echo "ok lintian has nothing against it"
else
	echo "no lintian here"
fi
if [ "$(id -u)" = 0 ]; then
	dpkg --no-act --install "$deb" || fail "dpkg would not install it"
fi

dpkg-deb --extract "$deb" "$work/root"
(cd "$work/root" && dpkg-deb --control "$deb" "$work/control" &&
	md5sum --quiet -c "$work/control/md5sums")
bin=$work/root/usr/bin
cd "$work"
env -i PATH=/usr/bin:/bin "$bin/igvmbuild" --guest "$BUILD/guest/core.elf" \
	--service vtpm --cpus 4 --output image.igvm
"$BUILD/bin/igvmbuild" --svsm "$BUILD/bin/coir-svsm.elf" --cpus 4 \
	--guest "$BUILD/guest/core.elf" --service "$BUILD/services/vtpm" \
	--output again.igvm
digest=$("$bin/igvmmeasure" image.igvm)
[ "$digest" = "$("$BUILD/bin/igvmmeasure" again.igvm)" ] ||
	fail "the package's image has another digest"
"$bin/igvmbuild" --guest "$BUILD/guest/core.elf" --service vtpm --cpus 4 \
	--digests >digests
[ "$(tail -n 1 digests)" = "4 $digest" ] || fail "--digests gives another digest"
[ "$(cut -d' ' -f2 digests | sort -u | wc -l)" = 4 ] || fail "4 numbers, not 4 digests"
if "$bin/igvmbuild" --guest "$BUILD/guest/core.elf" --digests --output x.igvm 2>said; then
	fail "--digests and --output together"
fi
echo "ok the package's tools give the build's digest: $digest"
# A name that is a file here is that file; one that is nothing is refused.
if "$bin/igvmbuild" --guest "$BUILD/guest/core.elf" --service no-such \
	--output x.igvm 2>said; then
	fail "a service out of nowhere"
fi
grep -q 'no-such' said || fail "no word about the service"
status=0
"$bin/coir-vm" image.igvm --cpus 1 --memory 512M --timeout 120 --serial serial \
	--log log </dev/null 2>said || status=$?
grep -a -q "SVSM. Coir $(cat "$BUILD/version") on SEV-SNP" serial || {
	cat said
	fail "status $status: the banner does not say the version"
}
grep -a -q "Coir $(cat "$BUILD/version")" log || fail "nor does the emulator"
echo "ok it boots: $(grep -a 'Coir .* on SEV-SNP' serial)"

#!/bin/sh
# SPDX-License-Identifier: MIT
# The launch images of a release, and their digests.
# usage: images.sh build FOLDER     NAME.igvm of each image, into FOLDER
#        images.sh digests          a line IMAGE CPUS DIGEST for each number of
#                                   vCPUs that an image can be built for
# OVMF: the firmware's file; Debian's newest if empty. CPUS_MAX: most vCPUs.
. scripts/release/env.sh
bin=$BUILD/bin
most=${CPUS_MAX:-1024}

# What is in an image: options of igvmbuild. Debug information is not loaded, so
# it makes no difference to the digest.
selftest() {
	"$bin/igvmbuild" --svsm "$bin/coir-svsm.elf" \
		--guest "$BUILD/guest/core.elf" "$@"
}
ovmf() {
	"$bin/igvmbuild" --svsm "$bin/coir-svsm.elf" \
		--service "$BUILD/services/vtpm" --firmware "$firmware" "$@"
}

firmware=${OVMF:-}
[ -n "$firmware" ] || firmware=$(scripts/fetch-ovmf.sh new | tail -n 1)
[ -r "$firmware" ] || {
	echo "images: no OVMF; OVMF=FILE names one" >&2
	exit 1
}

case ${1:-} in
build)
	mkdir -p "$2"
	for image in selftest ovmf; do
		$image --output "$2/$name-$image.igvm"
	done
	install -m 644 "$firmware" "$2/$name-ovmf.fd"
	settle "$2"
	;;
digests)
	echo "# Launch digests of Coir $version: image, most vCPUs (igvmbuild"
	echo "# --cpus; the images of the release have the default, 64), digest."
	echo "# OVMF has SHA-256 $(sha256sum <"$firmware" | cut -d' ' -f1)"
	for image in selftest ovmf; do
		$image --cpus "$most" --digests | sed "s/^/$image /"
	done
	;;
*)
	sed -n 's/^# usage: //p' "$0" >&2
	exit 2
	;;
esac

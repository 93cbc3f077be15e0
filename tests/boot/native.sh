#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 800
# alone
# The native platform on a plain machine of 1, 2, 4 and 16 CPUs: the kernel tests
# itself on all of them. A check that fails is seen, and so is a machine that is
# too small.
. tests/boot/native.bash

for cpus in 1 2 4 16; do
	native 0 280 $cpus suite=all
	passed "an ordinary machine" $cpus 0
done

native 1 100 2 suite=broken
has serial 'selftest: broken: FAILED, 1 of 2 checks'
has serial 'selftest: 11 passed, 1 failed, 0 skipped on 2 CPUs'
echo "a check that fails ends with status 1"

# KVM without nested paging has no pages of 1 GiB.
native 0 280 2 suite=all -- -cpu max,phys-bits=48,-pdpe1gb
passed "an ordinary machine" 2 0

# Words in place of a reboot: no archive, and a processor that is too old.
head -c 100000 /dev/zero >"$work/nothing"
native 100 60 1 suite=all -- -initrd "$work/nothing"
has log 'refused: the module is no archive of services'
native 100 60 1 suite=all -- -cpu max,-nx
echo "what cannot be is refused"

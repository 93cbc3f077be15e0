#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# An SVSM without memory: "need n pages", n pages are deposited, the call goes
# on, what is not used is withdrawn. The test kernel uses its memory up first.
. tests/boot/machine.bash
svsm=$test_svsm
for left in 0 1 5; do
	guest_image core 1 "cpus=1 need=$left"
	machine 0 60 1 2G
	has serial '^need: asked [1-9]'
	has serial '^core: [1-9][0-9]* passed, 0 failed'
	lacks serial panic
	echo "$left pages left: $(grep -a '^need:' "$work/serial")"
done

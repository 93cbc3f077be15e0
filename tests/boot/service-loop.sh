#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# alone
# A service that never comes back is ended when its time is up: one that calls
# for ever, and one that does not even call, which takes the timer.
. tests/boot/services.bash

part loops 1 200
[ "$(grep -a -c 'service probe0 stopped: it used up its time' \
	"$work/serial")" = 2 ] || fail "not both loops were ended"

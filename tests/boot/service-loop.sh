#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 300
# alone
# A service that never comes back: one that calls for ever is ended when its time
# is up. One that does not even call takes a timer: LOOP=1 tries it.
. tests/boot/services.bash

part loops 1 200 "loop=${LOOP:-0}"
has serial 'service probe0 stopped: it used up its time'
[ "${LOOP:-0}" = 1 ] || has serial 'the endless loop is off'

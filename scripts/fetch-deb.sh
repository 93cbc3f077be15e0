#!/bin/sh
# SPDX-License-Identifier: MIT
# Print a folder holding the unpacked files of Debian packages.
# usage: fetch-deb.sh SUITE PACKAGE...      (suite `own`: this machine's)
set -eu
exec "$(dirname "$0")/debs.py" unpack "$@"

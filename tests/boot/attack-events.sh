#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# A host that attacks, by scenario: events.
. tests/boot/attack.bash
attacks events

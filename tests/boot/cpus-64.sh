#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 200
# alone
# Sixty-four vCPUs start under the SVSM, and it serves calls.
. tests/boot/machine.bash
guest_image core 64 "cpus=8"
machine 0 180 64 1G
has serial 'SVSM. Coir on SEV-SNP: 64 CPUs'
has serial '^core: [1-9][0-9]* passed, 0 failed'

#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 1700
# Four vCPUs use the TPM at once; then a client's whole day on one of them, beside
# three busy ones (tests/boot/linux-tpm.sh has it alone).
. tests/boot/linux-tpm.bash
jobs 4 tpm-many,tpm-load

# SPDX-License-Identifier: MIT
# kernel/native/native.c: who was interrupted right before HLT sleeps
s/^\t\tframe->rip++;/\t\t(void)frame;/

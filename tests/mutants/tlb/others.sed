# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: only the first of those who are missing is told
s/waits_for(i, number) \&\&/waits_for(i, number) \&\& i < 2 \&\&/

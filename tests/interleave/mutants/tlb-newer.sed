# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: what is noted is newer than what was flushed
s/__atomic_compare_exchange_n(&cpu->tlb_seen, &seen, now, false,/__atomic_compare_exchange_n(\&cpu->tlb_seen, \&seen, __atomic_load_n(\&newest, __ATOMIC_SEQ_CST), false,/

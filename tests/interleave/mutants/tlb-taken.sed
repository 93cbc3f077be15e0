# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: a number may be taken back
/^static void catch_up(/,/^}/s/while (seen < now &&/__atomic_store_n(\&cpu->tlb_seen, now, __ATOMIC_RELEASE); while (0 \&\&/

# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: nothing is flushed
/^void tlb_flush(/,/^}/ s/if (!what->count && !what->all)/if (1)/

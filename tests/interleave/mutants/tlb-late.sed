# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: nobody is waited for
s/while (waits_for(i, number)) {/while (0) {/

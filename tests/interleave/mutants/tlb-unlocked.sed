# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: two write one number
/^static uint64_t publish/,/^}/s/spin_\(un\)*lock(&lock);//

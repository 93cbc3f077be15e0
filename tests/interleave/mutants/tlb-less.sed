# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: the flush before is enough
s/__ATOMIC_ACQUIRE) < number;/__ATOMIC_ACQUIRE) + 1 < number;/

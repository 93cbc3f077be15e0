# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: the last page of a range is forgotten
s/p < what->range\[i\].pages/p + 1 < what->range[i].pages/

# SPDX-License-Identifier: MIT
# kernel/cpu/pcid.c: tlb: the number is looked at before CR3 is written
s/hw_cr3_write(root | CR3_NOFLUSH);/{ uint64_t s = seen(cpu); hw_cr3_write(root | CR3_NOFLUSH); if (s == cpu->pcid_seen) return; }/

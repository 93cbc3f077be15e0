# SPDX-License-Identifier: MIT
# kernel/cpu/pcid.c: tlb: the process's old translations are kept
s/hw_cr3_write(root | (features_pcid() ? PCID_PROCESS : 0));/hw_cr3_write(root | CR3_NOFLUSH | PCID_PROCESS);/

# SPDX-License-Identifier: MIT
# kernel/smp.c: start: a late CPU is online, given up or not
/^_Noreturn void smp_cpu_main/,/^}/ s/uint32_t starting = CPU_STARTING, vmpl;/uint32_t starting = __atomic_load_n(\&cpu->state, __ATOMIC_ACQUIRE), vmpl;/

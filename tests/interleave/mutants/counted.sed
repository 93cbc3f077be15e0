# SPDX-License-Identifier: MIT
# kernel/smp.c: start: a CPU that comes as it is given up is not counted
s/return !cpu_give_up(cpu);/bool came = __atomic_load_n(\&cpu->state, __ATOMIC_ACQUIRE) == CPU_ONLINE; cpu_give_up(cpu); return came;/

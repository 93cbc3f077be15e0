# SPDX-License-Identifier: MIT
# kernel/smp.c: start: the host's no is written over a CPU that came
s/if (cpu_give_up(cpu))/__atomic_store_n(\&cpu->state, CPU_FAILED, __ATOMIC_RELEASE); if (true)/

# SPDX-License-Identifier: MIT
# kernel/smp.c: start: a CPU is handed to the host before its state says so
/__atomic_store_n(&cpu->state, CPU_STARTING/d
s/e = platform->cpu_start(cpu);/e = platform->cpu_start(cpu); __atomic_store_n(\&cpu->state, CPU_STARTING, __ATOMIC_RELEASE);/

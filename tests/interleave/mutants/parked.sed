# SPDX-License-Identifier: MIT
# kernel/smp.c: start: a CPU that has lost goes on when it wakes up
/^_Noreturn void smp_cpu_main/,/^}/ s/for (;;)/ /

# SPDX-License-Identifier: MIT
# kernel/smp.c: start: CPUs do not wait for the release
/^_Noreturn void smp_cpu_main/,/^}/ s/NOT_RELEASED)/~0u)/

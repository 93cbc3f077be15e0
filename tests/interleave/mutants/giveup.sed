# SPDX-License-Identifier: MIT
# kernel/smp.c: start: a CPU is given up that came at the last moment
/^static bool cpu_give_up/,/^}/ s/uint32_t starting = CPU_STARTING;/uint32_t starting = __atomic_load_n(\&cpu->state, __ATOMIC_ACQUIRE), was = starting;/
s/return starting != CPU_ONLINE;/__atomic_store_n(\&cpu->state, was == CPU_STARTING ? CPU_FAILED : was, __ATOMIC_RELEASE); return was != CPU_ONLINE;/
/^static bool cpu_give_up/,/^}/ {
s/__atomic_compare_exchange_n(&cpu->state, &starting, CPU_FAILED, false,/(void)(0,/
s/__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);/0);/
}

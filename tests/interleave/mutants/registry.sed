# SPDX-License-Identifier: MIT
# kernel/guest/vcpu.c: calls: the registry is not locked
s/spin_lock(&registry)/(void)0/
s/spin_unlock(&registry)/(void)0/

# SPDX-License-Identifier: MIT
# kernel/base/lock.c: calls: a lock that does not wait
s/while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket)/while (0)/

# SPDX-License-Identifier: MIT
# kernel/base/lock.c: a lock that orders nothing
s/__ATOMIC_ACQUIRE/__ATOMIC_RELAXED/
s/__ATOMIC_RELEASE/__ATOMIC_RELAXED/

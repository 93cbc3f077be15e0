# SPDX-License-Identifier: MIT
# kernel/sys/service.c: service: who finds it busy forgets to unlock
s/if (t == SERVICE_BUSY || t == SERVICE_GONE)/if (t == SERVICE_GONE)/

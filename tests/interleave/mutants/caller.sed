# SPDX-License-Identifier: MIT
# kernel/sys/service.c: service: an answer is taken by whoever comes next
s/if (caller_same(&s->caller, caller) &&/if (true ||/

# SPDX-License-Identifier: MIT
# kernel/sys/service.c: service: a service is entered without its lock
s/if (!spin_try(&s->lock))/if (false)/

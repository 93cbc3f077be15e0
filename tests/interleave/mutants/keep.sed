# SPDX-License-Identifier: MIT
# kernel/sys/service.c: service: an answer that nobody fetches stays for ever
/ turn_foreign(/,/^}/ s/hw_rdtsc() - s->answered_at < clock_ticks(KEEP_US)/true/

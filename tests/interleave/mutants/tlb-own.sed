# SPDX-License-Identifier: MIT
# kernel/cpu/tlb.c: tlb: the owner does not flush
s/catch_up(percpu_this());//

# SPDX-License-Identifier: MIT
# kernel/proto/vcpu.c: the calling area of a deleted vCPU stays pinned
/ delete_locked(/,/^}/ s/vcpu_caa_give(held, vcpu, caa)/(void)0/

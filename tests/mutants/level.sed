# SPDX-License-Identifier: MIT
# kernel/proto/vcpu.c: a save area of any level is taken
s/vmsa->vmpl == rules.vmpl/true/

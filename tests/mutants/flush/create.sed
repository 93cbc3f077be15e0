# SPDX-License-Identifier: MIT
# kernel/proto/vcpu.c: a save area is checked while others may still write to it
/No CPU may go on writing/,+1d

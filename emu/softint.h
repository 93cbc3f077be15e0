/* SPDX-License-Identifier: MIT */
/*
 * INT n and INT3 of a guest. They exit for the sake of one mistake of QEMU's
 * TCG before 8.1: it may translate code while another processor changes it, and
 * then runs what is no longer there, for ever. Kernels change code under INT3,
 * so what shows is a breakpoint that nobody knows: "Oops: int3".
 */
#pragma once

#include "emu/vcpu.h"

/* Exit 75h. Delivers the interrupt if its instruction is in memory; else has that
 * place translated anew. Real processors do not send INT3 here. */
void softint_exit(struct vcpu *c);

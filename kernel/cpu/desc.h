/* SPDX-License-Identifier: MIT */
/*
 * GDT, TSS and IDT. The IDT is one for all CPUs and sealed; GDT and TSS lie
 * in struct percpu. #VC, #PF, NMI/#MC/#HV and all others have a stack each.
 */
#pragma once

#include "kernel/base/percpu.h"

/* Fills the IDT; once. */
void desc_init(void);

/* Fills cpu's GDT and TSS; on any CPU. */
void desc_make(struct percpu *cpu);

/* Loads this CPU's GDT, segments, TSS and the IDT; keeps GS base. */
void desc_load(struct percpu *cpu);

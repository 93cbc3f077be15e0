/* SPDX-License-Identifier: MIT */
/* Translations of all CPUs, flushed by NMI and a counter. */
#pragma once

#include "kernel/base/percpu.h"

/* This CPU takes part from now on; starts without old translations. */
void flush_join(struct percpu *cpu);

/*
 * Every CPU that joined has flushed all that it translated before the call. May
 * be called with locks held: what answers takes none. A CPU that does not answer
 * in time ends the machine, with the list of all that did not.
 */
void flush_all(void);

/* An NMI came. */
void flush_answer(struct percpu *cpu);

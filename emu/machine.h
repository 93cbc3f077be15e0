/* SPDX-License-Identifier: MIT */
/*
 * What the emulated machine consists of: its RAM, its RMP, its vCPUs. One
 * object; built by main.c and load.c, then guarded by the big lock (smp.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emu/options.h"
#include "lib/addr.h"
#include "model/rmp.h"

#define MACHINE_CPUS	   64u
#define MACHINE_VMPLS	   4u
#define MACHINE_RAM_RANGES 32u
/* Guest physical addresses have 47 bits; bit 47 is the C-bit. */
#define CBIT_POSITION	   47u
#define CBIT		   (1ull << CBIT_POSITION)
#define GPA_BITS	   47u

struct vcpu;

struct machine {
	struct options options;
	/* Guest RAM, ascending, whole pages, GPA == HPA. Nothing else is. */
	struct pa_range ram[MACHINE_RAM_RANGES];
	uint32_t ram_count;
	uint64_t ram_top; /* first byte after the last range */
	/* The rest of QEMU's RAM: ours, and what we do not use. Not for guests. */
	struct pa_range hidden[MACHINE_RAM_RANGES];
	uint32_t hidden_count;
	/* What the machine's own map says is no RAM (ACPI, MMCONFIG, ...). */
	struct pa_range reserved[MACHINE_RAM_RANGES];
	uint32_t reserved_count;
	struct rmp rmp; /* covers [0, max(ram_top, 4 GiB)), holes included */
	uint32_t cpus;	/* vCPUs of the guest = processors in use */
	struct vcpu *vcpu[MACHINE_CPUS]; /* index == APIC ID; NULL: none */
	/*
	 * Set by load.c: the image holds an SVSM, lower levels will follow. Then
	 * VMPL0 gets no physical interrupts and its HLT waits for a kick.
	 */
	bool has_levels;
	bool hide_cx16;	  /* this QEMU gets the flags of CMPXCHG16B wrong */
	const void *igvm; /* our copy of the image file */
	uint64_t igvm_size;
};

extern struct machine machine;

/* SPDX-License-Identifier: MIT */
/*
 * Untrue MADTs, SRATs and SLITs, for tests of what a guest makes of them: a
 * host tells them as it likes, and no measurement covers them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

enum acpilie_kind {
	ACPILIE_NONE,
	ACPILIE_MADT_SIGNATURE,
	ACPILIE_MADT_SUM,
	ACPILIE_MADT_LENGTH, /* longer than its area */
	ACPILIE_MADT_STUCK,  /* a record of length 0 */
	ACPILIE_MADT_CUT,    /* the last record reaches past the end */
	ACPILIE_MADT_SHORT,  /* a processor's record is 4 bytes long */
	ACPILIE_MADT_NONE,   /* no processor is enabled */
	ACPILIE_MADT_OTHER,  /* the boot CPU has another id */
	ACPILIE_MADT_TWICE,  /* two CPUs have one id */
	ACPILIE_MADT_MANY,   /* hundreds of CPUs */
	ACPILIE_MADT_CROWD,  /* 4096 more */
	ACPILIE_MADT_TWIN,  /* 4096 more, 1022 enabled: one id is there twice */
	ACPILIE_MADT_EMPTY, /* 4096 more, none enabled: true, if odd */
	ACPILIE_MADT_LAPIC, /* the local APIC lies in the SVSM's memory */
	ACPILIE_MADT_IOAPIC, /* the I/O APIC does */
	ACPILIE_SRAT_SUM,
	ACPILIE_SRAT_STUCK,
	ACPILIE_SRAT_NODE,    /* a node of which the image allows none */
	ACPILIE_SRAT_TWICE,   /* a CPU on two nodes */
	ACPILIE_SRAT_LOST,    /* a CPU on none */
	ACPILIE_SRAT_OVERLAP, /* memory on two nodes */
	ACPILIE_SRAT_HOLE,    /* memory on none */
	ACPILIE_SRAT_FAR,     /* where there is no memory */
	ACPILIE_SRAT_WRAP,    /* past the end of all addresses */
	ACPILIE_SRAT_ALIAS,   /* the same with the C-bit */
	ACPILIE_SRAT_NVDIMM,
	ACPILIE_SRAT_NOT, /* an SLIT alone */
	ACPILIE_SLIT_SUM,
	ACPILIE_SLIT_MANY,  /* of more nodes than it has room for */
	ACPILIE_SLIT_NEAR,  /* another node nearer than oneself */
	ACPILIE_SLIT_LOCAL, /* a node not at its own place */
	ACPILIE_KINDS,
};

/* The kind that @word (its first @size bytes) names; ERR_ABSENT. */
must_check enum err acpilie_named(const char *word, size_t size,
				  enum acpilie_kind *kind);

/* Makes the lie of a true table in an area of @room bytes, if it is about a
 * table of that signature. */
void acpilie_tell(enum acpilie_kind kind, void *table, size_t room);

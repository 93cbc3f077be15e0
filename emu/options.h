/* SPDX-License-Identifier: MIT */
/*
 * The emulator's command line, as coir-vm writes it:
 *   mem=BYTES cpus=N cpu=noxsave,x2apic,pcid seed=N trace violation=fault
 *   map=LIE[@ADDRESS] acpi=LIE fwcfg=LIE attack=NAME tlb=lazy count=flushes
 *   cmdline=REST OF LINE
 * Words before the first option are the program's file name and are skipped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/acpilie.h"
#include "emu/maplie.h"
#include "lib/err.h"

#define OPTIONS_CMDLINE 2048u
#define OPTIONS_ATTACK	32u

enum options_xsave {
	XSAVE_AUTO, /* shown to images of other makers' SVSMs, which need it */
	XSAVE_HIDE, /* cheaper: no task switch leaves to us */
	XSAVE_SHOW,
};

/* Tests only: what fw_cfg says that is not true. */
enum options_fwcfg {
	FWCFG_TRUE,
	FWCFG_E820, /* every entry is RAM, and reaches over the SVSM */
	FWCFG_SIZE, /* much more RAM than there is */
	FWCFG_CPUS, /* more processors than there are */
};

struct options {
	uint64_t memory; /* bytes of guest RAM, whole 4 KiB pages; 0 = all */
	uint32_t cpus;	 /* 0 = all that the machine has */
	uint64_t seed;	 /* for what the security processor would draw */
	/* Tests only: a violation becomes a page fault of the guest, which no
	 * host would do, so that one run can try many. */
	bool violation_fault;
	enum options_xsave xsave;
	bool x2apic;		/* show x2APIC, emulated on the xAPIC */
	bool pcid;		/* show PCIDs, emulated: pcid.h */
	struct maplie map;	/* tests only: what is told of the memory map */
	enum acpilie_kind acpi; /* tests only: and of ACPI tables */
	enum options_fwcfg fwcfg;
	char attack[OPTIONS_ATTACK]; /* tests only: emu/attack/; empty: none */
	/* Tests only: what the guest's own instructions narrow stays in the
	 * TLBs of other processors until it flushes (shootdown.h). */
	bool tlb_lazy;
	bool count_flushes; /* tests only: flushes.h */
	bool trace;	    /* log every call of the guest to the host */
	char cmdline[OPTIONS_CMDLINE]; /* for IGVM COMMAND_LINE */
};

/*
 * ERR_FORMAT: `bad` points at the word (in `line`) that is wrong; it ends at
 * the next blank. Sizes take K, M, G.
 */
must_check enum err options_parse(const char *line, struct options *out,
				  const char **bad);

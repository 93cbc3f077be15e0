/* SPDX-License-Identifier: MIT */
/*
 * What lies where in guest memory at launch. The plan is made and checked
 * whole before one byte of the file exists: no two parts overlap, everything
 * of the SVSM is inside its carve-out, everything of the guest outside.
 * Parts are in launch order, which is the order of the measurement.
 */
#pragma once

#include <stdbool.h>

#include "abi/boot/params.h"
#include "tools/igvmbuild/bzimage.h"
#include "tools/igvmbuild/firmware.h"
#include "tools/igvmbuild/program.h"

#define PLAN_PARTS_MAX 32u

/* Fixed places in guest memory. */
#define PLAN_LAUNCH_AREA 0x10000ull
#define PLAN_SETUP	 (PLAN_LAUNCH_AREA + PARAMS_LAUNCH_PAGES * PAGE_4K)
#define PLAN_CMDLINE	 (PLAN_SETUP + PAGE_4K)
#define PLAN_CMDLINE_MAX 0x10000ull  /* bytes, NUL included */
#define PLAN_ACPI	 0x40000ull  /* tables for Linux */
#define PLAN_FLAT_BASE	 0x200000ull /* --guest, flat file */

#define PLAN_CPUS_LIMIT	      1024u
#define PLAN_RECORDS_LIMIT    8192u
#define PLAN_NODES_LIMIT      64u /* SRAT_NODES_MAX, kernel/dev/srat.h */
/* Enough for 1 TiB of RAM, all of it validated page by page; and for each
 * CPU what the kernel reckons with (BYTES_PER_CPU, kernel/mm/memmap.c). */
#define PLAN_SVSM_MAX_DEFAULT (64ull << 20)
#define PLAN_SVSM_MAX_PER_CPU (96ull << 10)
#define PLAN_SVSM_MIN_DEFAULT (2ull << 20)
#define PLAN_REQUIRED_DEFAULT (1ull << 20)
/* As much as the page allocator keeps a record of (PAGE_MAX). */
#define PLAN_SVSM_MAX_LIMIT   (256ull << 20)

enum plan_kind {
	PLAN_PAGES,    /* measured pages with the part's bytes */
	PLAN_SHARED,   /* pages of the host's with those bytes, unmeasured */
	PLAN_AREA,     /* a parameter area: the loader's, unmeasured */
	PLAN_CPUID,    /* one page */
	PLAN_SECRETS,  /* one page */
	PLAN_REQUIRED, /* private at launch, neither loaded nor validated */
};

enum plan_area {
	PLAN_AREA_GENERAL,
	PLAN_AREA_MAP,
	PLAN_AREA_MADT,
	PLAN_AREA_SRAT,
	PLAN_AREA_SLIT,
};

struct plan_part {
	const char *what; /* static, for --verbose and complaints */
	enum plan_kind kind;
	enum plan_area area;  /* PLAN_AREA only */
	struct pa_range at;   /* whole pages */
	const uint8_t *bytes; /* not owned; NULL: all zero */
	uint64_t byte_count;  /* <= at.size, zeroes follow */
};

/* What is to be laid out; nothing here is owned. */
struct plan_input {
	const struct program *svsm; /* NULL: firmware alone, at VMPL0 */
	uint64_t svsm_min, svsm_max, required; /* bytes */
	const uint8_t *services;	       /* the archive; NULL: none */
	uint64_t services_size, services_memory;
	uint32_t cpus_max;
	/* Processors that the host's MADT may list, off or on; below cpus_max:
	 * as many as that. */
	uint32_t cpu_records;
	uint32_t nodes_max; /* above 1: SRAT and SLIT are asked for */
	uint64_t memory_min, memory_max; /* bytes; 0, 0: any */
	uint32_t vmpl;			 /* the guest's */
	uint32_t flags;			 /* PARAMS_* */
	uint64_t sev_features;		 /* the guest's */
	/* Exactly one of these three is the guest. */
	const struct bzimage *kernel;
	const struct program *guest;
	const struct firmware *firmware;
	const uint8_t *initrd; /* NULL: none */
	uint64_t initrd_size;
	const char *cmdline; /* NULL: none */
};

struct plan {
	struct plan_part parts[PLAN_PARTS_MAX];
	size_t count;
	struct params params;
	uint64_t params_at;
	uint64_t entry; /* of the SVSM */
	bool alone;	/* no SVSM: the first vCPU starts at the reset vector */
};

/*
 * ERR_RANGE or ERR_NOMEM: it cannot be laid out so; the reason has been said
 * on stderr. *out points into *in's memory and into itself: do not copy it.
 */
must_check enum err plan_make(const struct plan_input *in, struct plan *out);

/* One line for each part, to stdout. */
void plan_print(const struct plan *plan);

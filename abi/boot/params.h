/* SPDX-License-Identifier: MIT */
/*
 * The measured parameter page: what igvmbuild tells the SVSM about the image
 * it is part of. Part of the launch digest, hence trusted; the parameter
 * areas that it names (memory map, MADT, general) are the host's and are not.
 * All addresses are guest-physical, without C-bit; sizes are bytes; pages 4 KiB.
 */
#pragma once

#include "abi/check.h"

#define PARAMS_MAGIC	  0x316d617261706f43ull
#define PARAMS_VERSION	  3u
#define PARAMS_MAX_RANGES 16u

/* flags */
#define PARAMS_CONSOLE (1u << 0) /* log to the serial port, the host sees it */
#define PARAMS_VALIDATE_ALL \
	(1u << 1) /* validate all guest RAM before it runs */

struct params_range {
	uint64_t start;
	uint64_t size;
};

/*
 * A guest entered in 64-bit mode by the Linux boot protocol: identity-mapped,
 * RSI = boot_params. Test guests use the same entry. size 0 = absent.
 */
struct params_guest {
	uint64_t entry;		    /* RIP */
	struct params_range kernel; /* loaded bytes */
	uint64_t kernel_init_size;  /* memory the kernel may use from start */
	struct params_range initrd;
	struct params_range cmdline; /* NUL included */
	struct params_range setup; /* page holding the file's bytes 0..0xfff */
	/* Low memory that the SVSM fills: PARAMS_LAUNCH_PAGES pages, all
	 * measured zero pages in the image. */
	uint64_t launch_area;
	/* Measured zero pages for the tables that the SVSM makes: an XSDT, MADT,
	 * SRAT, SLIT. E820 calls them ACPI memory. */
	struct params_range acpi;
};

/* Pages of the launch area, in order, from params_guest.launch_area. */
#define LAUNCH_BOOT_PARAMS  0u
#define LAUNCH_GDT	    1u
#define LAUNCH_SETUP_DATA   2u /* must be E820 RAM: Linux maps it encrypted */
#define LAUNCH_RSDP	    3u /* leads to the XSDT in params_guest.acpi */
#define LAUNCH_PAGE_TABLES  4u /* PML4, PDPT, 4 PDs: identity, first 4 GiB */
#define LAUNCH_STACK	    10u
#define LAUNCH_CC_BLOB	    11u /* from here on E820 reserved */
#define LAUNCH_SECRETS	    12u
#define LAUNCH_CPUID	    13u
#define LAUNCH_CAA	    14u
#define LAUNCH_MEMORY_MAP   15u /* IGVM memory map entries, ours as reserved */
#define PARAMS_LAUNCH_PAGES 16u

/*
 * Firmware instead: entered at the reset vector, as after power-on. It accepts
 * all other memory itself. flash.size 0 = absent.
 */
#define PARAMS_MAX_FIRMWARE_RANGES 16u

struct params_firmware {
	struct params_range flash; /* measured pages, end at 4 GiB */
	/* Pages in the ranges below, which the SVSM fills; 0 = not wanted. */
	uint64_t secrets;
	uint64_t cpuid;
	uint64_t caa;
	/* Inside the ranges: IGVM memory map entries, the VP count, and room
	 * for a tables_block (abi/boot/tables.h). */
	struct params_range memory_map;
	struct params_range vp_count;
	struct params_range tables;
	uint32_t range_count;
	uint32_t reserved;
	/* Zeroed memory that it needs from the start: ascending, disjoint,
	 * whole pages, validated before it runs. */
	struct params_range range[PARAMS_MAX_FIRMWARE_RANGES];
};

struct params {
	uint64_t magic;
	uint32_t version;
	uint32_t flags;
	/* The SVSM's own memory: the image's pages first, services, then required. */
	uint64_t svsm_base;
	uint64_t image_size; /* measured and inserted pages, this one included */
	uint64_t required_size; /* behind them: private, NOT validated */
	/* The carve-out is what RAM and CPUs demand, within these bounds. */
	uint64_t svsm_min_size;
	uint64_t svsm_max_size;
	uint32_t cpus_max;
	uint32_t guest_vmpl;   /* 1..3; 0: prepare the guest, then step aside */
	uint64_t sev_features; /* the guest's VMSAs must have exactly these */
	struct params_range general;	/* struct params_general */
	struct params_range memory_map; /* IGVM memory map entries */
	struct params_range madt;	/* ACPI MADT */
	uint64_t cpuid_page;
	uint64_t secrets_page;
	/* Guest pages in the image: validated at launch, for VMPL0 alone. */
	uint32_t range_count;
	uint32_t reserved;
	struct params_range range[PARAMS_MAX_RANGES];
	struct params_guest guest;
	struct params_firmware firmware;
	struct params_range srat; /* ACPI SRAT; size 0: not asked for */
	struct params_range slit; /* ACPI SLIT, likewise */
	uint64_t memory_min;	  /* RAM in bytes that the host may tell of */
	uint64_t memory_max;	  /* 0: any */
	uint32_t nodes_max;	  /* 0 or 1: the guest is told of no nodes */
	uint32_t reserved1;
	/* The archive of services (abi/boot/archive.h), behind the image in
	 * measured pages of its own; and what they need beside it. */
	struct params_range services;
	uint64_t services_memory;
};
_Static_assert(sizeof(struct params) <= 4096, "params fill one page at most");
ABI_AT(struct params, svsm_base, 16);
ABI_AT(struct params, svsm_max_size, 48);
ABI_AT(struct params, general, 72);
ABI_AT(struct params, range, 144);

/* Unmeasured: written by the loader. */
struct params_general {
	uint32_t vp_count;
	uint32_t environment; /* IGVM ENVIRONMENT_INFO */
};
ABI_SIZE(struct params_general, 8);

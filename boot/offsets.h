/* SPDX-License-Identifier: MIT */
/* Numbers that entry.S needs; main.c asserts them against the structures. */
#pragma once

#define PARAMS_CPUID_PAGE 120
#define CPUID_PAGE_MAX	  64
#define CPUID_PAGE_FN	  16
#define CPUID_FN_SIZE	  48
#define CPUID_FN_EBX	  0x1c

/* PANIC_BOOT of kernel/base/panic.h */
#define BOOT_REASON 1

/* Bytes; kernel/stacks.txt holds that they suffice. */
#define BOOT_STACK 1024

/* Native: long mode, NX. Not pages of 1 GiB: KVM without nested paging has none. */
#define PVH_FEATURES 0x20100000

/* Native: the low 4 GiB in large pages, until the kernel's tables are loaded;
 * four pages below the image. */
#define PVH_TABLES (SVSM_BASE - 0x4000)

/* isa-debug-exit as coir-vm sets it up; a value that it reads as "the guest
 * asked to be ended". */
#define NATIVE_EXIT_PORT   0xf4
#define NATIVE_EXIT_FAILED 100

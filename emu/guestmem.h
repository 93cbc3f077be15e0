/* SPDX-License-Identifier: MIT */
/*
 * Guest memory as emulator code sees it. Addresses without C-bit are checked
 * here against the RAM list; nothing outside guest RAM is ever touched. Under
 * the big lock. Content of a page that changed between private and shared is
 * scrambled before anyone sees it again, at the first map or access.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/vcpu.h"
#include "lib/err.h"

/* One byte for each page of RAM, beside the RMP. */
#define PAGE_SCRAMBLE	 0x01u /* content must be scrambled before use */
#define PAGE_SWAPPED	 0x02u /* lies in another frame: guestmem_swap */
#define PAGE_SMALL	 0x04u /* the host's tables map 4 KiB, come what may */
#define PAGE_HOST	 (PAGE_SWAPPED | PAGE_SMALL)
#define GUESTMEM_SWAPS	 8u
#define PAGE_ALIAS(vmpl) (0x10u << (vmpl)) /* see npt_open_alias */

void guestmem_init(void);

/* Memory that is no RAM of QEMU (a firmware image below 4 GiB): backed by our
 * own, so GPA != HPA here. One range, whole pages, before the guest runs. */
must_check enum err guestmem_add_flash(uint64_t gpa, uint64_t size);

/* That range; empty if there is none. */
struct pa_range guestmem_flash(void);

/* Where RAM page @gpa really lies. */
uint64_t guestmem_host(uint64_t gpa);

/*
 * The host's mapping is 1:1 unless an attack (emu/attack/) lets two pages change
 * places: each then lies in the other's frame, whose RMP entry counts. The
 * caller follows with npt_update and a shootdown. False: not possible.
 */
bool guestmem_swap(uint64_t page, uint64_t other);
bool guestmem_unswap(uint64_t page);
/* The frame's address: system physical, as the RMP is indexed. */
uint64_t guestmem_frame(uint64_t gpa);

static inline struct rmp_at guestmem_at(uint64_t gpa)
{
	return (struct rmp_at){ gpa, guestmem_frame(gpa) };
}
/* Neither guest RAM nor ours: devices and holes, passed through 1:1. */
bool guestmem_is_device(uint64_t gpa, uint64_t size);

uint8_t guestmem_flags(uint64_t gpa); /* 0 outside RAM */
void guestmem_flags_set(uint64_t gpa, uint8_t set, uint8_t clear);

/* Is every byte of [gpa, gpa + size) guest RAM? False when it wraps. */
bool guestmem_is_ram(uint64_t gpa, uint64_t size);

/*
 * As the processor or the security processor reaches the page, whatever the
 * RMP says. NULL if not all of it is one range of RAM.
 */
void *guestmem_ptr(uint64_t gpa, size_t size);

/*
 * As the host reaches it: NULL unless all of it is RAM and not assigned to
 * the guest (GHCB pages, PSC and scratch buffers, doorbells).
 */
void *guestmem_shared(uint64_t gpa, size_t size);

/*
 * Call for each page whose state goes from private to shared or back, before
 * npt_update. Costs nothing now; the content changes at the next use, or by
 * guestmem_settle where devices may reach it.
 */
void guestmem_converted(uint64_t gpa, uint64_t pages);
/* Does the scrambling that is due in [gpa, gpa + pages * 4096). */
void guestmem_settle(uint64_t gpa, uint64_t pages);

enum guestmem_fault {
	GUESTMEM_OK = 0,
	GUESTMEM_NOT_MAPPED, /* guest page tables: not present or no right */
	GUESTMEM_NOT_RAM,    /* they lead to no RAM */
	GUESTMEM_DENIED,     /* the RMP forbids it at this VMPL */
};

#define GUESTMEM_WRITE 1u
#define GUESTMEM_USER  2u

/*
 * Walks the guest's own page tables for @va (a linear address) at the current
 * mode of @c. *gpa gets the C-bit if the mapping has it; *error the #PF error
 * code on NOT_MAPPED. Unpaged: gpa = va | CBIT for RAM. @access: GUESTMEM_*.
 */
enum guestmem_fault guestmem_walk(struct vcpu *c, uint64_t va, uint32_t access,
				  uint64_t *gpa, uint32_t *error);

/* Copy by linear address, page by page, as a supervisor access that the RMP
 * must allow at c->vmpl. All or (on a fault) part of the bytes; *fault_va, if
 * not NULL, gets the failing address. */
enum guestmem_fault guestmem_read(struct vcpu *c, uint64_t va, void *to,
				  size_t size, uint64_t *fault_va);
enum guestmem_fault guestmem_write(struct vcpu *c, uint64_t va,
				   const void *from, size_t size,
				   uint64_t *fault_va);

/* Up to @max bytes of code at RIP; returns how many could be read. */
size_t guestmem_fetch(struct vcpu *c, uint8_t *to, size_t max);

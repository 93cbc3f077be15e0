/* SPDX-License-Identifier: MIT */
/*
 * Events of the GHCB page: one shared 4 KiB page per CPU. AMD 56421, 2.3 and 4.
 * The host writes the page at any time: an output is taken once, and only if
 * its valid bit is set. Interrupts are off; a page belongs to one CPU.
 */
#pragma once

#include <stdbool.h>

#include "abi/snp/ghcb.h"
#include "kernel/snp/ghcb_msr.h"
#include "lib/addr.h"

/* This CPU's page: mapped shared, registered, at @gpa. */
struct ghcb_link {
	volatile struct ghcb *page;
	struct pa gpa;
};

/* Registers that a call carries: bits of ghcb_call.in and .out. */
#define GHCB_RAX     (1u << 0)
#define GHCB_RBX     (1u << 1)
#define GHCB_RCX     (1u << 2)
#define GHCB_RDX     (1u << 3)
#define GHCB_SCRATCH (1u << 4)

struct ghcb_call {
	uint64_t code, info1, info2;
	uint64_t rax, rbx, rcx, rdx;
	uint32_t in, out;
	/* Set with ERR_STATE: the host asks for #GP or #UD (vector). */
	uint8_t vector;
};

/* Clears the page and states protocol and layout; before registering. */
void ghcb_page_init(struct ghcb_link link);

/*
 * One event. On OK info1, info2 and the registers named in @out are the
 * host's, each copied once. ERR_STATE: raise @vector (allowed for #UD and #GP
 * alone). ERR_HOST: refused, malformed, or an output is missing.
 */
must_check enum err ghcb_exit(struct ghcb_link link, struct ghcb_call *call);

must_check enum err ghcb_port_in(struct ghcb_link link, uint16_t port,
				 uint32_t size, uint32_t *value);
must_check enum err ghcb_port_out(struct ghcb_link link, uint16_t port,
				  uint32_t size, uint32_t value);
/* Writes up to GHCB_BUFFER_SIZE bytes to one port (REP OUTSB). */
must_check enum err ghcb_port_write(struct ghcb_link link, uint16_t port,
				    const char *bytes, uint32_t count);

must_check enum err ghcb_msr_read(struct ghcb_link link, uint32_t msr,
				  uint64_t *value);
must_check enum err ghcb_msr_write(struct ghcb_link link, uint32_t msr,
				   uint64_t value);

/*
 * Asks the host to make [start, start + size) private or shared: 2 MiB where
 * @large and the addresses allow, else 4 KiB. The host may stop early; it is
 * asked again as long as it makes progress. ERR_HOST: refused, or its progress
 * is a lie. A page whose state the host lies about faults when it is used.
 */
must_check enum err ghcb_page_state(struct ghcb_link link,
				    struct pa_range pages, bool large,
				    enum ghcb_page_state state);

/* Makes a VMSA known (op AP_CREATE or AP_CREATE_ON_INIT), or forgets it. */
must_check enum err ghcb_ap_create(struct ghcb_link link, uint64_t op,
				   uint32_t vmpl, uint32_t apic_id,
				   struct pa vmsa, uint64_t sev_features);

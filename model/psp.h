/* SPDX-License-Identifier: MIT */
/*
 * The security processor's launch commands: LAUNCH_START, LAUNCH_UPDATE,
 * LAUNCH_FINISH. Facts: spec/snp.md 10 and 11. Guest messages and signatures
 * need a cryptography library: tools/psp.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/snp/launch.h"
#include "abi/snp/secrets.h"
#include "lib/launch_digest.h"
#include "model/cpuid.h"
#include "model/rmp.h"

/* Firmware status words; section 12, and Linux's psp-sev.h. */
#define PSP_SUCCESS		0x00u
#define PSP_INVALID_GUEST_STATE 0x02u
#define PSP_INVALID_LEN		0x04u
#define PSP_POLICY_FAILURE	0x07u
#define PSP_INVALID_ADDRESS	0x09u
#define PSP_BAD_SIGNATURE	0x0au
#define PSP_BAD_MEASUREMENT	0x0bu
#define PSP_INVALID_PARAM	0x16u
#define PSP_INVALID_PAGE_SIZE	0x19u
#define PSP_INVALID_PAGE_STATE	0x1au
#define PSP_BAD_VERSION		0x22u

enum psp_state { PSP_INIT = 0, PSP_LAUNCH, PSP_RUNNING };

/* What the machine is; stays valid as long as the psp. */
struct psp_machine {
	const struct hash384_ops *hash;
	const struct cpuid_machine *cpuid; /* NULL: CPUID pages unchecked */
	uint32_t fms;			   /* CPUID signature */
	uint8_t abi_major, abi_minor;	   /* of the firmware played */
	bool smt;			   /* hyper-threads are on */
	uint32_t tsc_factor;
};

struct psp {
	enum psp_state state;
	const struct psp_machine *machine;
	struct launch_digest digest; /* digest.ld: measurement once RUNNING */
	uint64_t policy;
	uint8_t gosvw[16];
	bool imi_en;
	uint8_t vmpck[4][VMPCK_SIZE]; /* secret: bytes_wipe() when done */
	/* from LAUNCH_FINISH, for attestation reports */
	bool id_block_en, author_key_en;
	uint8_t family_id[16], image_id[16];
	uint32_t guest_svn;
	uint8_t host_data[32];
};

struct psp_start {
	uint64_t policy;
	uint8_t gosvw[16];
	bool imi_en;
	bool ma_en; /* migration agent: none here, so refused */
	/* The four message keys: random, fresh for each launch. */
	uint8_t vmpck[4][VMPCK_SIZE];
};

/*
 * Policy bit 17 must be 1; the ABI asked for must not be newer than the
 * firmware's; a policy without SMT fails on a machine with it; reserved bits
 * are 0; else PSP_POLICY_FAILURE. Only in PSP_INIT.
 */
void psp_init(struct psp *psp, const struct psp_machine *machine);
uint32_t psp_launch_start(struct psp *psp, const struct psp_start *start);

struct psp_update {
	struct rmp *rmp; /* NULL: the page is outside the RMP (boot VMSA) */
	struct rmp_at at;
	uint32_t size; /* RMP_PG_SIZE_*; 2 MiB = 512 steps */
	uint32_t type; /* SNP_PAGE_TYPE_* */
	bool imi_page;
	uint8_t perms[3]; /* VMPL1, VMPL2, VMPL3 */
	/* The page or pages, read and (ZERO, SECRETS, CPUID) written. */
	void *bytes;
};

/*
 * Measures, loads and validates; each page counts in the digest in ascending
 * order. Errors: INVALID_GUEST_STATE out of turn; INVALID_PARAM for an unknown
 * type, bad permissions, or a CPUID page beyond the machine (then rewritten in
 * place to what fits; the caller may try again); INVALID_ADDRESS not aligned
 * or no memory; INVALID_PAGE_SIZE for 2 MiB of the last three types or VMSA;
 * INVALID_PAGE_STATE if a page is assigned already. Nothing is measured or
 * assigned on any error.
 */
uint32_t psp_launch_update(struct psp *psp, const struct psp_update *update);

struct psp_finish {
	const struct snp_id_block *id_block; /* NULL: none */
	/* Its signatures; checked by the caller, who has the cryptography. */
	bool id_signature_ok;
	bool author_key_en, author_signature_ok;
	uint8_t host_data[32];
};

/*
 * With an ID block: version 1 (BAD_VERSION), signatures (BAD_SIGNATURE), LD
 * equal to the digest (BAD_MEASUREMENT), policy equal to the one at start
 * (POLICY_FAILURE). A failed one leaves the guest in launch.
 */
uint32_t psp_launch_finish(struct psp *psp, const struct psp_finish *finish);

/* The page as the firmware fills it: software's fields are zero. */
void psp_secrets_fill(const struct psp *psp, struct snp_secrets *page);

/* SPDX-License-Identifier: MIT */
/* Calls to the SVSM from a test guest, and the making of further vCPUs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/snp/vmsa.h"
#include "abi/svsm/call.h"
#include "abi/svsm/core.h"

struct svsm_regs {
	uint64_t rax, rcx, rdx, r8, r9;
};

#define VCPU_MAX  8
#define LIST_ROOM 511u

/* A page list as it lies in memory; one page at most. */
struct page_list {
	struct svsm_list header;
	uint64_t entry[LIST_ROOM];
};

/* One per vCPU. [0] is the boot vCPU. */
struct guest_vcpu {
	volatile struct svsm_ca *ca; /* the area in use */
	void (*run)(unsigned int number);
	volatile uint32_t alive, done;
};
extern struct guest_vcpu *guest_vcpu;

/* Bytes that a vCPU needs of vcpu_room's memory. */
#define VCPU_ROOM (4 * 4096ull + sizeof(struct guest_vcpu))

/* More than VCPU_MAX vCPUs: @count of them will use this zeroed memory. Before
 * any is made. */
void vcpu_room(uint64_t at, unsigned int count);

/* Calls that came back unserved. Linux gives up at the first. */
extern volatile uint32_t svsm_unserved;

/* Takes the boot vCPU's calling area from the secrets page. */
void svsm_init(void);

/* In start.S. */
void call_exit(struct svsm_regs *regs);
void vcpu_start(void);
void vcpu_entry(unsigned int number);

/* One exit to VMPL0 with this pending byte; what came back is in *regs. The
 * byte as VMPL0 left it is returned: 1 = the call was not served. */
uint8_t svsm_exit(unsigned int number, uint8_t pending, struct svsm_regs *regs);
/* A whole call of the CORE protocol; repeats while INCOMPLETE or BUSY. */
uint32_t svsm_call(unsigned int number, uint32_t call, struct svsm_regs *regs);
uint32_t svsm_call1(uint32_t call, uint64_t rcx);

/* Rescinds one 4 KiB page; ends the guest if the SVSM refuses. */
void svsm_pvalidate_one(uint64_t gpa);
uint64_t pvalidate_entry(uint64_t gpa, bool large, bool validate,
			 bool ignore_cf);
/* Runs the list on vCPU @number: the result; list->header.next shows progress. */
uint32_t pvalidate_list(unsigned int number, struct page_list *list,
			uint16_t entries);

/* Fills a 64-bit VMSA that starts vCPU @number at vcpu_start on @stack_top. */
void vmsa_fill(struct vmsa *vmsa, unsigned int number, uint64_t stack_top);
uint32_t vcpu_create(uint64_t vmsa, uint64_t ca, uint32_t apic_id);
/* CREATE_VCPU for vCPU @number, which will run @run; then the host runs it. */
bool vcpu_make(unsigned int number, void (*run)(unsigned int number));
/* The same with another calling area than its usual one. */
bool vcpu_make_at(unsigned int number, void (*run)(unsigned int number),
		  uint64_t ca);
bool vcpu_go(unsigned int number);
/* Both. */
bool vcpu_launch(unsigned int number, void (*run)(unsigned int number));
/* Deletes the VMSA of a vCPU whose run has ended. */
bool vcpu_remove(unsigned int number);
/* vcpu_remove, then vcpu_launch. */
bool vcpu_relaunch(unsigned int number, void (*run)(unsigned int number));
/* Waits (bounded) until vCPU @number has finished its run. */
bool vcpu_wait(unsigned int number);
/* The VMSA page of a launched vCPU. */
uint64_t vcpu_vmsa(unsigned int number);

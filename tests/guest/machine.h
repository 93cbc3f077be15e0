/* SPDX-License-Identifier: MIT */
/*
 * What every test guest has: its own page tables and traps, a GHCB, a line
 * printer and an exit. One vCPU at a time may print.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/linux/boot.h"
#include "abi/snp/ghcb.h"
#include "abi/snp/secrets.h"

/* Set before guest_main runs. */
extern const struct linux_boot_params *boot_params;
extern struct snp_secrets *secrets;
extern uint64_t cbit;

/* The test itself; its result is the machine's exit status, 0..63. */
int guest_main(void);

__attribute__((format(printf, 1, 2))) void print(const char *format, ...);
_Noreturn void machine_exit(int status);

/* Called by the trap stubs; @cr2 is meaningful for page faults. */
_Noreturn void trap_fatal(uint64_t vector, uint64_t error, uint64_t rip,
			  uint64_t cr2);
void guest_entry(const struct linux_boot_params *params);
/* What follows @word on the command line; NULL: it is not there. */
const char *machine_option(const char *word);
/* The GDT that the guest was started with. */
uint64_t machine_gdt(void);
/* Loads the shared IDT on the calling vCPU. */
void trap_init(void);

int probe_read(const volatile void *at, uint8_t *out);
int probe_write(volatile void *at, uint8_t value);

/* One GHCB event: returns SW_EXITINFO1[31:0], SW_EXITINFO2 through @info2. */
uint32_t ghcb_event(uint64_t code, uint64_t info1, uint64_t *info2,
		    uint64_t rax);
/* The MSR event: reads or writes @msr at the host. False: it says #GP. */
bool ghcb_msr_access(uint32_t msr, bool write, uint64_t *value);
uint64_t ghcb_msr_call(uint64_t request);
/* Asks the host, and only the host, for a page state change. */
bool page_state_set(uint64_t gpa, unsigned int operation);
/* The same for 2 MiB, by the GHCB's page state change event. */
bool page_state_large(uint64_t gpa, unsigned int operation);
/* Shared and private again in one event: the page is another one, which is
 * not validated, and nobody sees it shared. */
bool page_state_swap(uint64_t gpa);
/* Maps the 4 KiB page at @gpa (below 4 MiB) private or shared. */
void page_map(uint64_t gpa, bool private_page);
/* Two instructions a round, at least one round. */
void spin(uint64_t rounds);
/* Instructions spent at @vmpl on this vCPU; 0 on a machine without meter. */
uint64_t meter_read(unsigned int vmpl);

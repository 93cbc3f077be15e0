/* SPDX-License-Identifier: MIT */
/*
 * Taking over the machine: what multiboot left, which RAM is the guest's, and
 * the move of the emulator to the top of RAM (HOME). Runs once, before mm.
 */
#pragma once

#include <stdint.h>

/* CR3 of the emulator's own tables; the other processors load it. */
extern uint64_t home_cr3;

/*
 * Reads the boot information at physical address @info, fills machine.ram,
 * .options, .igvm, and continues in @next from HOME with a new stack.
 */
__attribute__((noreturn)) void home_enter(uint32_t info, void (*next)(void));

/* Zeroes what the boot loader left in guest RAM. Once, when nothing of it is
 * needed any more (the other processors' trampoline included). */
void home_clean_guest(void);

/* SPDX-License-Identifier: MIT */
/* The probe service on trial, from VMPL2, by the test kernel's protocol. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "services/probe/ops.h"

/* Bytes of the last answer's text, ended by a zero; vCPU @cpu's own. */
#define TEXT_MAX 256u
extern char answer_text[][TEXT_MAX];
/* The last answer's enum service_result. */
extern uint32_t answer_result[];

/* Asks until there is an answer: SUCCESS, INVALID_REQUEST (crashed), ... */
uint32_t ask(unsigned int cpu, const char *name, uint32_t op, uint32_t arg);
/* The same with bytes, whose answer replaces them; returns *size of both. */
uint32_t ask_bytes(unsigned int cpu, const char *name, uint32_t op,
		   uint8_t *bytes, uint32_t *size);

/* The service whose turn it is to crash: each has a few restarts. */
const char *victim(void);
/* It must crash; the log has to say so with a line that matches @pattern, an
 * extended regular expression: the boot test compares. All services are then as when they had
 * just started: no page may be missing. */
void must_crash(const char *what, uint32_t op, uint32_t arg,
		const char *pattern);
/* It may crash like that, or answer that it came back. */
void may_crash(const char *what, uint32_t op, uint32_t arg,
	       const char *pattern);
/* The same for one that may not be asked how it is before. */
void must_die(const char *what, uint32_t op, uint32_t arg, const char *pattern);
/* It must answer that all was as it should be. */
void must_answer(const char *what, uint32_t op, uint32_t arg);

/* The vTPM goes on as if nothing were. */
void tpm_start(void);
void tpm_still(const char *when);
void tpm_crash(void);

uint64_t pages_taken(void);
/* What is taken while no service has had anything to do; main sets it. */
extern uint64_t pages_fresh;

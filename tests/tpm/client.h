/* SPDX-License-Identifier: MIT */
/*
 * A client of the vTPM service for tests: commands built by hand, sent as
 * messages to a service that runs as a child. Anything unexpected in the
 * transport ends the test program.
 */
#pragma once

#include "abi/vtpm_service.h"
#include "lib/cursor.h"
#include "tools/tpm-bridge/service.h"

struct client {
	struct service service;
	struct cursor_out command;    /* being built in `bytes` */
	struct cursor response;	      /* behind the header */
	struct service_answer answer; /* the last one, whole */
	uint32_t locality;
	uint8_t bytes[SYS_MESSAGE_MAX];
};

/*
 * Starts $BUILD/services/vtpm, with one argument or none (NULL); below the
 * program that TPM_FILTER names, if it does.
 */
void client_start(struct client *c, char *argument);
/* Starts any program that takes messages; argv as execvp has it. */
void client_start_as(struct client *c, char *const argv[]);
void client_end(struct client *c);

/* A message as it is; returns its enum service_result. */
uint32_t client_ask(struct client *c, uint32_t op, uint32_t arg,
		    const void *bytes, uint32_t size);

/* Begins a command; the caller appends handles, areas, parameters. */
struct cursor_out *client_begin(struct client *c, uint32_t tag, uint32_t code);
/* Sends it and returns the response's code. */
uint32_t client_send(struct client *c);

uint32_t client_startup(struct client *c);
/* Bytes of GetRandom, or 0. */
uint32_t client_random(struct client *c, uint16_t size);
uint32_t client_self_test(struct client *c);
/* CreatePrimary of an EK template; the handle, and TPMT_PUBLIC in `to`. */
uint32_t client_create_ek(struct client *c, enum vtpm_ek which,
			  uint32_t *handle, uint8_t *to, uint32_t *size);
uint32_t client_flush(struct client *c, uint32_t handle);
uint32_t client_extend(struct client *c, uint32_t pcr,
		       const uint8_t digest[32]);
/* The SHA-256 bank; zeroes `value` on failure. */
uint32_t client_pcr(struct client *c, uint32_t pcr, uint8_t value[32]);
/* A command whose only handle is a hierarchy with an empty password. */
uint32_t client_hierarchy(struct client *c, uint32_t code, uint32_t hierarchy);

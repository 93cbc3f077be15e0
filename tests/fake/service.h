/* SPDX-License-Identifier: MIT */
/* A service of a test's making, in the place of kernel/sys/service.c. */
#pragma once

#include <stddef.h>

#include "kernel/sys/service.h"

struct fake_service {
	bool present;
	enum service_turn turn;
	enum service_end end;
	struct service_answer answer;
	struct pa page;
	/* another CPU's turn, before service_page answers; may be NULL */
	void (*at_page)(void);
	/* what was asked of it */
	unsigned int entered, left, requested, worked;
	struct service_caller caller;
	uint32_t op, arg, size;
};
extern struct fake_service fake_service;

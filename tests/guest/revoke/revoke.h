/* SPDX-License-Identifier: MIT */
/*
 * Each call that takes pages from the guest, and the way back. Of vCPU 0 alone;
 * the others only look at what `watch` names.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WATCH_MAX 3u

enum taken {
	TAKEN,	 /* the call has returned: no vCPU may have the pages */
	REFUSED, /* they are the guest's as before */
	BROKEN,	 /* the answer was wrong; it is counted */
};

struct way {
	const char *name;
	uint32_t every; /* it is this way's turn in each so many-th round */
	bool write;	/* the others write what the call looks at */
	/* Names the pages and fills them: the guest's, valid. False: no. */
	bool (*give)(uint64_t watch[WATCH_MAX], unsigned int *watched);
	enum taken (*take)(void);
};

/* Of a save area: its level, which CREATE_VCPU checks. */
uint64_t way_byte(void);
uint8_t way_byte_value(bool good);

extern const struct way ways[];
extern const unsigned int ways_count;

/* Memory of the host becomes the guest's; false: not. */
bool ways_init(void);

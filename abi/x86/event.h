/* SPDX-License-Identifier: MIT */
/*
 * An event to inject or interrupted by an exit: EVENTINJ, EXITINTINFO, and
 * the exception a GHCB exit may answer with. APM vol. 2, 15.20.
 */
#pragma once

#define EVENT_VECTOR	     0xffull
#define EVENT_TYPE	     (7ull << 8)
#define EVENT_TYPE_INTR	     (0ull << 8)
#define EVENT_TYPE_NMI	     (2ull << 8)
#define EVENT_TYPE_EXCEPTION (3ull << 8)
#define EVENT_TYPE_SOFT	     (4ull << 8)
#define EVENT_HAS_ERROR	     (1ull << 11)
#define EVENT_VALID	     (1ull << 31)
#define EVENT_ERROR_SHIFT    32

/* SPDX-License-Identifier: MIT */
/*
 * Operations of the probe, a service that does what no service should. Each
 * answers with a result (abi/service.h) and a text, or the kernel ends it; which
 * of the two, tests/guest/services knows.
 */
#pragma once

enum probe_op {
	PROBE_HELLO = 1, /* text: the restarts that it was told */
	PROBE_CALLS = 2, /* system calls, right and wrong */
	PROBE_POINTERS,	 /* bad addresses in every call that takes one */
	PROBE_RIGHTS,	 /* nothing becomes executable, text stays as it is */
	PROBE_HEAP,	 /* all that it may have, and it comes again zeroed */
	PROBE_CPUID,	 /* no XSAVE, no AVX, no FSGSBASE, no keys */
	PROBE_STATE,	 /* registers filled by arg, over the next request */
	PROBE_STATE_RESULT, /* how that went */
	PROBE_STORM,	    /* random calls that it survives; arg: seed */
	PROBE_STORM_WILD,   /* random calls that it may not; arg: seed */
	PROBE_TRAP,	    /* arg: enum probe_trap */
	PROBE_TOUCH,	    /* arg: enum probe_place, read */
	PROBE_WRITE,	    /* the same, written */
	PROBE_JUMP,	    /* the same, executed */
	PROBE_MESSAGE,	    /* arg: enum probe_message */
	PROBE_RECURSE,	    /* until the stack ends */
	PROBE_CALL_LOOP,    /* getpid for ever */
	PROBE_SPIN,	    /* no call, for ever */
	PROBE_ECHO,	    /* the request's bytes, each plus one */
};

/* Where it reads, writes, jumps. */
enum probe_place {
	PLACE_NULL,
	PLACE_TEXT,
	PLACE_STACK,
	PLACE_HEAP,
	PLACE_PAGE,	   /* the request page */
	PLACE_PAGE_BEHIND, /* guards of the request page and of the stack */
	PLACE_STACK_TOP,
	PLACE_LAST,   /* the last page below the half's end */
	PLACE_HALF,   /* not canonical */
	PLACE_KERNEL, /* its image */
	PLACE_TABLES, /* its view of page tables */
	PLACE_END,    /* the last bytes of all */
	PLACE_COUNT
};

/* What is wrong with the answer. */
enum probe_message {
	MESSAGE_OP,	/* of another operation */
	MESSAGE_LARGE,	/* 4097 bytes */
	MESSAGE_HUGE,	/* 2^32 - 1 bytes */
	MESSAGE_NULL,	/* at address 0 */
	MESSAGE_KERNEL, /* in the kernel's half */
	MESSAGE_SPLIT,	/* half in a page that is not there */
	MESSAGE_CONST,	/* where the next request cannot be written */
	MESSAGE_NONE,	/* it ends itself with status 3 */
};

/* What the kernel has where; tests/inject/ask.c holds it to the truth. */
#define PROBE_AT_BRK	   0x100000000ull
#define PROBE_AT_MMAP	   0x200000000ull
#define PROBE_AT_PAGE	   0x2e0000000ull
#define PROBE_AT_STACK_TOP 0x300000000ull
#define PROBE_AT_END	   0x7ffffffff000ull

/* SPDX-License-Identifier: MIT */
/*
 * A process: address space, registers, bounds. It runs on whatever CPU calls
 * task_run, one at a time; its owner holds the service's lock. Start-up makes
 * its record, which a restart uses again.
 */
#pragma once

#include "abi/boot/archive.h"
#include "abi/sys.h"
#include "kernel/task/space.h"

/* Where things lie in ring 3, above what archives may hold. */
#define TASK_BRK       0x100000000ull
#define TASK_MMAP      0x200000000ull
#define TASK_PAGE      0x2e0000000ull /* the request page */
#define TASK_STACK_TOP 0x300000000ull

/* Addresses for mmap: pages that can be in use at a time or lie between. */
#define TASK_MMAP_PAGES 16384u

#define TASK_REASON_MAX 96u

enum task_state {
	TASK_NONE,    /* no space */
	TASK_RUNS,    /* ring 3 has something to do */
	TASK_WAITS,   /* in SYS_COIR_NEXT, with an answer or at its start */
	TASK_STOPPED, /* killed, or ended by itself: see reason */
};

struct task {
	struct trap_frame frame;
	uint8_t fpu[512] __attribute__((aligned(16)));
	const struct archive_entry *image;
	enum task_state state;
	struct space space;
	uint64_t fs_base;
	uint64_t brk;	    /* its end, not aligned */
	uint64_t heap_used; /* bytes of pages of brk and mmap */
	uint64_t mapped[TASK_MMAP_PAGES / 64]; /* bit: page at TASK_MMAP + n */
	struct pa page;			       /* the request page */
	uint64_t message;		       /* ring 3's struct sys_message */
	uint32_t op;	      /* that it works on; 0: none yet */
	uint32_t arg, size;   /* of the request; then size is the answer's */
	uint32_t result;      /* of the answer */
	uint64_t log_time;    /* TSC of the last line */
	uint32_t log_burst;   /* lines that it may still write at once */
	uint64_t random_done; /* bytes of a getrandom that goes on */
	uint32_t refused;     /* system calls that there are not */
	uint32_t restarts;
	char reason[TASK_REASON_MAX]; /* why it stopped */
};

/* Builds the space from the archive that lies at @archive, which stays; the
 * process will start at its entry point. ERR_NOMEM, ERR_FORMAT (a damaged
 * stream, or less in it than the entry says), ERR_RANGE (more), ERR_BUSY
 * (another is being unpacked): nothing is held then. */
must_check enum err task_load(struct task *t, const void *archive,
			      const struct archive_entry *image);

/* Wipes and gives back all that it holds but the record. Not loaded. */
void task_end(struct task *t);

/* Stops it; the words are kept, and logged by who restarts it. */
__attribute__((format(printf, 2, 3))) void task_stop(struct task *t,
						     const char *format, ...);

/* A handler of system calls and of ticks, from above: see kernel/sys. */
struct task_calls {
	void (*call)(struct task *t);
	/* an interrupt came: false ends the slice */
	bool (*tick)(struct task *t);
};

/* Runs it until it waits, stops, or its slice ends. The space is loaded in
 * between alone. */
void task_run(struct task *t, const struct task_calls *calls);

/* Next for a task that waits: a request, its bytes in the page already. */
void task_request(struct task *t, uint32_t op, uint32_t arg, uint32_t size);

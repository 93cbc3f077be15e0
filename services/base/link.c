/* SPDX-License-Identifier: MIT */
/* Both transports; which one is decided once, by the first system call. */
#include "services/base/link.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "abi/service.h"
#include "services/base/log.h"

static enum { UNDECIDED, KERNEL, PROCESS } below;
/* One piece, so that an answer is one write. */
static struct {
	struct sys_message m;
	uint8_t page[SYS_MESSAGE_MAX];
} process;
/* A client may send operation 0, too, and wants its answer. */
static bool owed;

static void put(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size) {
		ssize_t n = write(STDOUT_FILENO, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			log_die("base: cannot write an answer");
		at += n;
		size -= (size_t)n;
	}
}

/* False: the other side closed before the first byte. */
static bool get(void *bytes, size_t size)
{
	uint8_t *at = bytes;
	size_t left = size;

	while (left) {
		ssize_t n = read(STDIN_FILENO, at, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 && left == size)
			return false;
		if (n <= 0)
			log_die("base: half a message");
		at += n;
		left -= (size_t)n;
	}
	return true;
}

static void get_rest(void *bytes, size_t size)
{
	if (size && !get(bytes, size))
		log_die("base: half a message");
}

static void answer(const struct sys_message *m)
{
	process.m = *m;
	process.m.arg = 0;
	process.m.page = 0;
	put(&process, sizeof(process.m) + m->size);
}

/* Too large for a page: read past it, so that the next one is understood. */
static void refuse(struct sys_message *m)
{
	for (uint32_t left = m->size; left;) {
		uint32_t now = left < SYS_MESSAGE_MAX ? left : SYS_MESSAGE_MAX;

		get_rest(process.page, now);
		left -= now;
	}
	m->result = SERVICE_BAD_SIZE;
	m->size = 0;
	answer(m);
}

static void process_next(struct sys_message *m)
{
	if (owed)
		answer(m);
	owed = true;
	for (;;) {
		if (!get(m, sizeof(*m)))
			_exit(0);
		if (m->size <= SYS_MESSAGE_MAX)
			break;
		refuse(m);
	}
	get_rest(process.page, m->size);
	m->page = (uintptr_t)process.page;
}

uint8_t *link_next(struct sys_message *m)
{
	if (below != PROCESS) {
		long status = syscall(SYS_COIR_NEXT, m);

		if (status == 0)
			below = KERNEL;
		else if (below == UNDECIDED && errno == ENOSYS)
			below = PROCESS;
		else
			log_die("base: coir_next: error %d", errno);
	}
	if (below == PROCESS)
		process_next(m);
	if (!m->page || m->size > SYS_MESSAGE_MAX)
		log_die("base: a message without a page, or beyond it");
	return (uint8_t *)(uintptr_t)m->page;
}

/* SPDX-License-Identifier: MIT */
/* What services write goes to the log: by whole lines, printable, and so few
 * that no service can drown what the SVSM has to say. */
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/sys/call.h"
#include "kernel/sys/clock.h"
#include "kernel/task/usercopy.h"

#define LINE_MAX  120u
#define WRITE_MAX 1024u
#define BURST	  64u
#define REFILL_US 100000u

/* One line more? At first BURST of them, then ten in a second. */
static bool allowed(struct task *t)
{
	uint64_t now = hw_rdtsc(), every = clock_ticks(REFILL_US);
	uint64_t more = (now - t->log_time) / every;

	if (more) {
		t->log_time = now;
		t->log_burst = more > BURST - t->log_burst
				       ? BURST
				       : t->log_burst + (uint32_t)more;
	}
	if (!t->log_burst)
		return false;
	t->log_burst--;
	return true;
}

static void say(struct task *t, const char *line)
{
	if (*line && allowed(t))
		log_line("%s: %s", t->image->name, line);
}

/* Copies one piece and says its lines. */
static enum err piece(struct task *t, uint64_t at, uint64_t size)
{
	char text[LINE_MAX + 1];
	uint64_t begin = 0;
	enum err e = usercopy_in(text, at, size);

	if (e != OK)
		return e;
	text[size] = 0;
	for (uint64_t i = 0; i < size; i++) {
		bool ends = text[i] == '\n';

		if (text[i] < ' ' || text[i] > '~')
			text[i] = ends ? 0 : '?';
		if (!ends)
			continue;
		say(t, text + begin);
		begin = i + 1;
	}
	say(t, text + begin);
	return OK;
}

long output_write(struct task *t, const uint64_t *a)
{
	uint64_t size = a[2] < WRITE_MAX ? a[2] : WRITE_MAX, done = 0;

	if (a[0] != 1 && a[0] != 2)
		return SYS_EBADF;
	while (done < size) {
		uint64_t n = size - done < LINE_MAX ? size - done : LINE_MAX;

		if (piece(t, a[1] + done, n) != OK)
			return SYS_EFAULT;
		done += n;
	}
	return (long)done;
}

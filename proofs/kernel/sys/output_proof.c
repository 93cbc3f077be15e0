/* SPDX-License-Identifier: MIT */
/* proof: what a service writes reaches the log as whole lines of printable
 *   text, and never faster than its share: no more than it saved up
 * sources: kernel/sys/output.c
 * bound: texts of up to 4 bytes, or a longer one that cannot be read
 * flags: --unwind 6
 * mutation: kernel/sys/output.c@piece: text[i] < ' ' || =>
 * mutation: kernel/sys/output.c@allowed: if (!t->log_burst) return false; =>
 * mutation: kernel/sys/output.c@allowed: more > BURST - t->log_burst =>
 *   more > BURST
 * mutation: kernel/sys/output.c@piece: text[size] = 0; =>
 */
#include <stdarg.h>

#include "kernel/base/log.h"
#include "kernel/sys/call.h"
#include "kernel/sys/clock.h"
#include "kernel/task/usercopy.h"
#include "proofs/fake/proof.h"

#define BURST 64u
#define MOST  4u
#define EVERY (1ull << 20) /* ticks for one line more */

void *proof_gs;
static struct task t;
static struct archive_entry image;
static uint32_t lines;
static bool text_seen;
static const char *piece_at;

uint64_t clock_ticks(uint64_t microseconds)
{
	(void)microseconds;
	return EVERY;
}

enum err usercopy_in(void *to, uint64_t from, uint64_t size)
{
	char *text = to;

	(void)from;
	if (size > MOST)
		return ERR_ABSENT;
	for (uint64_t i = 0; i < size; i++)
		text[i] = (char)nondet_u8();
	/* The rest of the buffer is what was there before. */
	text[size] = (char)nondet_u8();
	piece_at = text;
	return nondet_bool() ? OK : ERR_ABSENT;
}

static void line_check(const char *line)
{
	uint64_t n = 0;

	__CPROVER_assert(line >= piece_at && line < piece_at + MOST, "of it");
	while (line[n]) {
		__CPROVER_assert(line[n] >= ' ' && line[n] <= '~', "printable");
		__CPROVER_assert(n < MOST, "it ends");
		n++;
	}
	__CPROVER_assert(n, "some text");
	text_seen = true;
}

void log_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	__CPROVER_assert(va_arg(args, const char *) == image.name, "its name");
	line_check(va_arg(args, const char *));
	va_end(args);
	lines++;
}

int main(void)
{
	const uint64_t a[6] = { nondet_u64(), nondet_u64(), nondet_u64() };
	uint32_t burst = (uint32_t)any_upto(BURST);
	long r;

	t.image = &image;
	t.log_burst = burst;
	t.log_time = nondet_u64();
	r = output_write(&t, a);
	PROVE(t.log_burst <= BURST && lines <= BURST);
	PROVE(r != SYS_EBADF || !lines);
	PROVE(r < 0 || ((uint64_t)r <= a[2] && (uint64_t)r <= MOST));
	SEEN(lines == 2 && r == 3);
	SEEN(r == SYS_EFAULT);
	PROVE(!lines || text_seen);
	return 0;
}

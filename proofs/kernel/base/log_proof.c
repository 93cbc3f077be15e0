/* SPDX-License-Identifier: MIT */
/* proof: no line and no reader ever touches a byte outside of the log's ring,
 *   however much was written before
 * sources: kernel/base/log.c proofs/fake/lock.c
 * bound: one line of any length, or one look at up to 4 bytes, from any position
 *   up to 2^62
 * flags: --unwind 162 --unwindset log_read.0:6
 *   --unwindset log_console_on.0:4
 * mutation: kernel/base/log.c@ring_put: (ring_end + i) % LOG_RING =>
 *   ring_end % LOG_RING + i
 * mutation: kernel/base/log.c@line_put: size = room - 1; => size = room + 1;
 * mutation: kernel/base/log.c@log_read: (from + i) % LOG_RING =>
 *   from % LOG_RING + i
 * mutation: kernel/base/log.c@log_console_on: if (n > ring_end - from) =>
 *   if (n >= ring_end)
 */
#include "kernel/base/log.c"

#include "proofs/fake/lock.h"
#include "proofs/fake/proof.h"

const struct platform_ops *platform;
void *proof_gs;

/* As lib/fmt.h says: what the text's length would be. */
size_t fmt_vprint(char *to, size_t size, const char *format, va_list args)
{
	(void)format;
	(void)args;
	/* Text may end anywhere in its room. */
	to[any_upto(size - 1)] = 0;
	return nondet_size();
}

static uint64_t sent;
static char seen;

static void console_put(const char *text, uint64_t size)
{
	__CPROVER_assert(size && size <= LOG_RING, "some text");
	seen = text[any_upto(size - 1)];
	sent += size;
}

static const struct platform_ops ops = { .log_write = console_put };

int main(void)
{
	uint64_t before = any_upto(1ull << 62), n;
	char text[4];

	platform = &ops;
	ring_end = before;
	console = nondet_bool();
	switch (nondet_u8() % 3) {
	case 0:
		log_line("%s", "words");
		PROVE(ring_end - before <= LOG_LINE_MAX && ring_end > before);
		PROVE(sent == (console ? ring_end - before : 0));
		break;
	case 1:
		n = log_read(text, any_upto(sizeof(text)));
		PROVE(n <= sizeof(text) && n <= before);
		break;
	default:
		log_console_on();
		PROVE(sent == (before < LOG_RING ? before : LOG_RING));
		break;
	}
	PROVE(!proof_locks);
	return 0;
}

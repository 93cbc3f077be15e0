/* SPDX-License-Identifier: MIT */
/* The table of system calls, and the small ones. */
#include "kernel/sys/call.h"

#include "kernel/sys/clock.h"
#include "kernel/task/entropy.h"
#include "kernel/task/usercopy.h"
#include "lib/str.h"

#define ARCH_SET_FS   0x1002u
#define FUTEX_WAKE    1u
#define FUTEX_MASK    0x7fu /* without PRIVATE and CLOCK_REALTIME */
#define CLOCKS	      12u
#define RANDOM_FLAGS  7u
#define NS_IN_S	      1000000000u
#define RANDOM_PIECE  64u
#define RANDOM_TURN   4096u /* bytes, before an interrupt may come */
#define SYS_GETRANDOM 318
#define SYSCALL_BYTES 2u

struct timespec64 {
	uint64_t seconds, nanoseconds;
};

/* Nobody writes to it: its end, always. */
static long call_read(struct task *t, const uint64_t *a)
{
	(void)t;
	return a[0] == 0 ? 0 : SYS_EBADF;
}

static long call_arch_prctl(struct task *t, const uint64_t *a)
{
	if (a[0] != ARCH_SET_FS)
		return SYS_EINVAL;
	/* WRMSR of an address that is none would be our fault, not its. */
	if (a[1] >= USER_END)
		return SYS_EPERM;
	t->fs_base = a[1];
	return 0;
}

/* So many bytes by pieces; false: not all can be written there. */
static bool random_put(uint64_t to, uint64_t size)
{
	uint8_t piece[RANDOM_PIECE];
	enum err e = OK;

	for (uint64_t n; size && e == OK; size -= n, to += n) {
		n = size < sizeof(piece) ? size : sizeof(piece);
		entropy_fill(piece, n);
		e = usercopy_out(to, piece, n);
	}
	bytes_wipe(piece, sizeof(piece));
	return e == OK;
}

/*
 * Never short; but gigabytes of it would keep this CPU from its guest, with no
 * interrupt to end that: what is left is done by the same call once more.
 */
static long call_getrandom(struct task *t, const uint64_t *a)
{
	uint64_t done = t->random_done < a[1] ? t->random_done : 0;
	uint64_t n = a[1] - done < RANDOM_TURN ? a[1] - done : RANDOM_TURN;

	t->random_done = 0;
	if (a[2] & ~(uint64_t)RANDOM_FLAGS)
		return SYS_EINVAL;
	if (!usercopy_range(a[0], a[1]) || !random_put(a[0] + done, n))
		return SYS_EFAULT;
	if (done + n == a[1])
		return (long)a[1];
	t->random_done = done + n;
	t->frame.rip -= SYSCALL_BYTES;
	return SYS_GETRANDOM;
}

static long call_clock_gettime(struct task *t, const uint64_t *a)
{
	uint64_t ns = clock_ns();
	struct timespec64 ts = { ns / NS_IN_S, ns % NS_IN_S };

	(void)t;
	if (a[0] >= CLOCKS)
		return SYS_EINVAL;
	return usercopy_out(a[1], &ts, sizeof(ts)) == OK ? 0 : SYS_EFAULT;
}

static long call_time(struct task *t, const uint64_t *a)
{
	uint64_t seconds = clock_ns() / NS_IN_S;

	(void)t;
	if (a[0] && usercopy_out(a[0], &seconds, sizeof(seconds)) != OK)
		return SYS_EFAULT;
	return (long)seconds;
}

/* One thread: nobody is ever woken, and to wait would be for ever. */
static long call_futex(struct task *t, const uint64_t *a)
{
	(void)t;
	return (a[1] & FUTEX_MASK) == FUTEX_WAKE ? 0 : SYS_ENOSYS;
}

static long call_getpid(struct task *t, const uint64_t *a)
{
	(void)t;
	(void)a;
	return 1;
}

static long call_exit(struct task *t, const uint64_t *a)
{
	task_stop(t, "it ended with status %u", (unsigned int)(a[0] & 0xff));
	return 0;
}

/* The answer is checked here, once; the request comes when there is one. */
static long call_next(struct task *t, const uint64_t *a)
{
	struct sys_message m;

	if (usercopy_in(&m, a[0], sizeof(m)) != OK) {
		task_stop(t, "its message at %lx cannot be read", a[0]);
		return 0;
	}
	if (m.op != t->op || (t->op && m.size > SYS_MESSAGE_MAX)) {
		task_stop(t, "it answered %u bytes for request %u, not %u",
			  m.size, m.op, t->op);
		return 0;
	}
	t->message = a[0];
	t->result = m.result;
	t->size = m.size;
	t->state = TASK_WAITS;
	return 0;
}

static const struct {
	uint32_t number;
	long (*run)(struct task *t, const uint64_t *a);
} system_calls[] = {
	{ 0, call_read },
	{ 1, output_write },
	{ 9, memory_mmap },
	{ 10, memory_mprotect },
	{ 11, memory_munmap },
	{ 12, memory_brk },
	{ 39, call_getpid },
	{ 158, call_arch_prctl },
	{ 201, call_time },
	{ 202, call_futex },
	{ 218, call_getpid }, /* set_tid_address */
	{ 228, call_clock_gettime },
	{ 231, call_exit },
	{ SYS_GETRANDOM, call_getrandom },
	{ SYS_COIR_NEXT, call_next },
};

#define CALLS (sizeof(system_calls) / sizeof(system_calls[0]))

void call_dispatch(struct task *t)
{
	struct trap_frame *f = &t->frame;
	const uint64_t a[6] = { f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9 };
	uint64_t number = f->rax;

	f->rax = (uint64_t)SYS_ENOSYS;
	for (unsigned int i = 0; i < CALLS; i++)
		if (system_calls[i].number == number) {
			f->rax = (uint64_t)system_calls[i].run(t, a);
			return;
		}
	t->refused++;
}

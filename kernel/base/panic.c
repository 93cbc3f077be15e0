/* SPDX-License-Identifier: MIT */
/* How the world ends. */
#include "kernel/base/panic.h"

#include <stdarg.h>
#include <stddef.h>

#include "abi/x86/desc.h"
#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/percpu.h"
#include "kernel/base/platform.h"
#include "kernel/base/unwind.h"
#include "lib/fmt.h"

#define PANIC_PATIENCE 1000000u
/* More than CPUs that end the VM at one time. */
#define ENDS_MAX       2048u

static uint32_t panicking, ends;

/* The host can take away the very code that ends the VM: each try then comes
 * back as a fault. A shutdown needs no code. */
static void end_for_want_of_words(void)
{
	static const struct desc_ptr no_idt;

	if (__atomic_add_fetch(&ends, 1, __ATOMIC_RELAXED) <= ENDS_MAX)
		return;
	hw_lidt(&no_idt);
	__builtin_trap();
}

_Noreturn void panic_silent(enum panic_reason reason)
{
	end_for_want_of_words();
	if (platform) {
		platform->wipe();
		platform->terminate((unsigned int)reason);
	}
	for (;;)
		hw_hlt();
}

/* One CPU tells its story; a second one gives it time, then ends the VM (so
 * does a fault inside panic). */
static void panic_enter(void)
{
	uint32_t i;

	hw_cli();
	if (__atomic_exchange_n(&panicking, 1, __ATOMIC_ACQ_REL)) {
		for (i = 0; i < PANIC_PATIENCE; i++)
			hw_pause();
		panic_silent(PANIC_NESTED);
	}
	/* Keys first: all that follows may fail. */
	if (platform)
		platform->wipe();
}

/* The one CPU that got past panic_enter writes here; stacks may be short. */
static char text[LOG_LINE_MAX];

static void panic_say(const char *prefix, const char *format, va_list args)
{
	fmt_vprint(text, sizeof(text), format, args);
	log_panic("panic: %s%s", prefix, text);
}

/* A stack that is deeper than expected is a reason for much: say it always. */
static void panic_trace(uint64_t rip, uint64_t rbp)
{
	const struct stack *s = &percpu_this()->stack;

	unwind_log(rip, rbp);
	if (s->top)
		log_panic("  %s: %lu of %lu bytes used", s->name, stack_used(s),
			  s->top - s->limit);
}

_Noreturn void panic_at(uint64_t rip, uint64_t rbp, const char *format, ...)
{
	va_list args;

	panic_enter();
	va_start(args, format);
	panic_say("", format, args);
	va_end(args);
	panic_trace(rip, rbp);
	panic_silent(PANIC_TRAP);
}

_Noreturn void panic_memory(const char *what, ...)
{
	va_list args;

	panic_enter();
	va_start(args, what);
	panic_say("no memory for ", what, args);
	va_end(args);
	panic_silent(PANIC_MEMORY);
}

_Noreturn void panic_refused(const char *format, ...)
{
	va_list args;

	panic_enter();
	va_start(args, format);
	fmt_vprint(text, sizeof(text), format, args);
	va_end(args);
	log_panic("refused: %s", text);
	panic_silent(PANIC_REFUSED);
}

_Noreturn void panic(const char *format, ...)
{
	va_list args;

	panic_enter();
	va_start(args, format);
	panic_say("", format, args);
	va_end(args);
	panic_trace((uint64_t)__builtin_return_address(0),
		    *(const uint64_t *)__builtin_frame_address(0));
	panic_silent(PANIC_GENERAL);
}

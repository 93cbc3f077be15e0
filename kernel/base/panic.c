/* SPDX-License-Identifier: MIT */
/* How the world ends. */
#include "kernel/base/panic.h"

#include <stdarg.h>
#include <stddef.h>

#include "hw/cpu.h"
#include "kernel/base/log.h"
#include "kernel/base/platform.h"
#include "kernel/base/unwind.h"
#include "lib/fmt.h"

#define PANIC_PATIENCE 1000000u

static uint32_t panicking;

_Noreturn void panic_silent(enum panic_reason reason)
{
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

static void panic_say(const char *format, va_list args)
{
	char text[LOG_LINE_MAX];

	fmt_vprint(text, sizeof(text), format, args);
	log_panic("panic: %s", text);
}

_Noreturn void panic_at(uint64_t rip, uint64_t rbp, const char *format, ...)
{
	va_list args;

	panic_enter();
	va_start(args, format);
	panic_say(format, args);
	va_end(args);
	unwind_log(rip, rbp);
	panic_silent(PANIC_TRAP);
}

_Noreturn void panic(const char *format, ...)
{
	va_list args;

	panic_enter();
	va_start(args, format);
	panic_say(format, args);
	va_end(args);
	unwind_log((uint64_t)__builtin_return_address(0),
		   *(const uint64_t *)__builtin_frame_address(0));
	panic_silent(PANIC_GENERAL);
}

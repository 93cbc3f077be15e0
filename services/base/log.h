/* SPDX-License-Identifier: MIT */
/* A service's log: lines on file descriptor 2, never anything secret. */
#pragma once

/* One line; what does not fit is cut. Never waits, never fails. */
__attribute__((format(printf, 1, 2))) void log_say(const char *format, ...);

/*
 * Says why and ends the service at once, without abort(): that would need
 * signals, which the kernel does not have.
 */
__attribute__((format(printf, 1, 2))) _Noreturn void log_die(const char *format,
							     ...);

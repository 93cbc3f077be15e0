/* SPDX-License-Identifier: MIT */
/* One child process: started, watched, ended by its own pid and no other. */
#include "tools/coir-vm/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tools/common/say.h"

#define KILL_AFTER  5 /* seconds between TERM and KILL */
#define STD_FDS	    3
/* No run lasts a year; keeps the deadline from overflowing. */
#define TIMEOUT_MAX (365ull * 24 * 3600)

/* QEMU makes the terminal raw and descriptors non-blocking; when it is killed
 * it cannot undo that. */
struct terminal {
	bool is_tty;
	struct termios mode;
	int flags[STD_FDS]; /* -1: closed */
};

static void terminal_save(struct terminal *t)
{
	t->is_tty = tcgetattr(STDIN_FILENO, &t->mode) == 0;
	for (int fd = 0; fd < STD_FDS; fd++)
		t->flags[fd] = fcntl(fd, F_GETFL);
}

static void terminal_restore(const struct terminal *t)
{
	for (int fd = 0; fd < STD_FDS; fd++)
		if (t->flags[fd] != -1)
			fcntl(fd, F_SETFL, t->flags[fd]);
	/* Only if we may: from the background it would stop us. */
	if (t->is_tty && tcgetpgrp(STDIN_FILENO) == getpgrp())
		tcsetattr(STDIN_FILENO, TCSADRAIN, &t->mode);
}

static void watched_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGQUIT);
}

/* Tells the parent through `report` why exec failed; on success exec closes it. */
static _Noreturn void child_exec(char *const argv[], const sigset_t *mask,
				 pid_t parent, int report)
{
	int reason;

	/* If coir-vm is killed the machine must not live on unseen. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent && sigprocmask(SIG_SETMASK, mask, NULL) == 0)
		execvp(argv[0], argv);
	reason = errno;
	if (write(report, &reason, sizeof(reason)) < 0)
		_exit(126);
	_exit(127);
}

/* The pid, or -1 with errno set to what fork or exec said. */
static pid_t child_start(char *const argv[], const sigset_t *mask)
{
	pid_t parent = getpid(), pid;
	int ends[2], reason = 0;
	ssize_t got;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0)
		child_exec(argv, mask, parent, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	do {
		got = read(ends[0], &reason, sizeof(reason));
	} while (got < 0 && errno == EINTR);
	close(ends[0]);
	if (got != sizeof(reason))
		return pid;
	waitpid(pid, NULL, 0);
	errno = reason;
	return -1;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One signal of the set, or 0 when `deadline` (ms, 0: none) has passed. */
static int signal_await(const sigset_t *set, int64_t deadline)
{
	int64_t left = deadline - now_ms();
	struct timespec wait;
	int got;

	if (!deadline)
		got = sigwaitinfo(set, NULL);
	else if (left <= 0)
		return 0;
	else {
		wait.tv_sec = (time_t)(left / 1000);
		wait.tv_nsec = (long)(left % 1000) * 1000000;
		got = sigtimedwait(set, NULL, &wait);
	}
	if (got > 0)
		return got;
	return errno == EINTR ? -1 : 0;
}

static bool reaped(pid_t pid, struct child_end *end)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) != pid)
		return false;
	end->exited = WIFEXITED(status);
	end->status = end->exited ? WEXITSTATUS(status) : WTERMSIG(status);
	return true;
}

static void watch(pid_t pid, const sigset_t *set, uint64_t timeout,
		  struct child_end *end)
{
	int64_t deadline = timeout ? now_ms() + (int64_t)timeout * 1000 : 0;
	bool asked = false;

	while (!reaped(pid, end)) {
		int got = signal_await(set, deadline);

		if (got == 0) {
			kill(pid, asked ? SIGKILL : SIGTERM);
			deadline = now_ms() + KILL_AFTER * 1000;
			end->timed_out = end->timed_out || !end->signal_sent;
			asked = true;
		} else if (got > 0 && got != SIGCHLD) {
			kill(pid, got);
			end->signal_sent = got;
			/* Whoever ends us will not wait for ever. */
			deadline = now_ms() + KILL_AFTER * 1000;
			asked = true;
		}
	}
}

enum err child_run(char *const argv[], uint64_t timeout, struct child_end *end)
{
	struct terminal terminal;
	sigset_t set, before;
	enum err e = OK;
	pid_t pid;

	*end = (struct child_end){ .status = 0 };
	terminal_save(&terminal);
	watched_signals(&set);
	/* Blocked before fork, so that no end of the child is missed. */
	sigprocmask(SIG_BLOCK, &set, &before);
	pid = child_start(argv, &before);
	if (pid > 0) {
		watch(pid, &set, timeout < TIMEOUT_MAX ? timeout : TIMEOUT_MAX,
		      end);
		terminal_restore(&terminal);
	} else {
		say_error("%s: %s", argv[0], strerror(errno));
		e = ERR_HOST;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return e;
}

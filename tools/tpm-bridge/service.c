/* SPDX-License-Identifier: MIT */
/* Messages to and from a service, with a deadline for each. */
#include "tools/tpm-bridge/service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tools/common/args.h"
#include "tools/common/say.h"

#define END_TRIES   40
#define END_WAIT_NS 50000000l

static enum err host_error(const char *what)
{
	say_error("%s: %s", what, strerror(errno));
	return ERR_HOST;
}

_Noreturn static void child(char *const argv[], int fd)
{
	/* Not even a killed bridge leaves a service behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(fd, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
		execvp(argv[0], argv);
	say_error("%s: %s", argv[0], strerror(errno));
	_exit(127);
}

enum err service_start(char *const argv[], struct service *out)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return host_error("socketpair");
	pid = fork();
	if (pid == 0)
		child(argv, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return host_error("fork");
	}
	out->fd = ends[0];
	out->pid = pid;
	return OK;
}

static enum err connect_unix(const char *path, int *fd)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path)) {
		say_error("%s: path of a socket is too long", path);
		return ERR_HOST;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return host_error("socket");
	if (connect(*fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return OK;
	close(*fd);
	return host_error(path);
}

/* Messages are binary: a terminal's editing and echo would break them. */
static enum err connect_serial(const char *path, int *fd)
{
	struct termios raw;

	*fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*fd < 0)
		return host_error(path);
	if (!isatty(*fd))
		return OK;
	if (tcgetattr(*fd, &raw) == 0) {
		cfmakeraw(&raw);
		if (tcsetattr(*fd, TCSANOW, &raw) == 0)
			return OK;
	}
	close(*fd);
	return host_error(path);
}

static enum err take_fd(const char *text, int *fd)
{
	unsigned long number;

	if (!args_number(text, &number) || number > 65535 ||
	    fcntl((int)number, F_SETFD, FD_CLOEXEC) != 0) {
		say_error("fd:%s: not an open file descriptor", text);
		return ERR_HOST;
	}
	*fd = (int)number;
	return OK;
}

enum err service_connect(const char *where, struct service *out)
{
	static const struct {
		const char *kind;
		enum err (*open)(const char *what, int *fd);
	} kinds[] = {
		{ "fd:", take_fd },
		{ "unix:", connect_unix },
		{ "serial:", connect_serial },
	};

	out->pid = 0;
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		size_t length = strlen(kinds[i].kind);

		if (strncmp(where, kinds[i].kind, length) == 0)
			return kinds[i].open(where + length, &out->fd);
	}
	say_error("%s: neither fd:N nor unix:PATH nor serial:FILE", where);
	return ERR_HOST;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* Until the descriptor is ready for `events`, or the deadline has passed. */
static enum err wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline - now_ms();
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;

		if (n > 0)
			return OK;
		if (n == 0) {
			say_error("the service does not answer");
			return ERR_HOST;
		}
		if (errno != EINTR)
			return host_error("poll");
	}
}

/* Moves all bytes in one direction, the descriptor's blocking mode apart. */
static enum err move(int fd, short events, void *bytes, size_t size,
		     int64_t deadline)
{
	uint8_t *at = bytes;

	while (size) {
		ssize_t n;

		if (wait_for(fd, events, deadline) != OK)
			return ERR_HOST;
		n = events == POLLIN ? read(fd, at, size) : write(fd, at, size);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return host_error("the service");
		if (n == 0) {
			say_error("the service has ended");
			return ERR_HOST;
		}
		at += n;
		size -= (size_t)n;
	}
	return OK;
}

enum err service_ask(struct service *s, uint32_t op, uint32_t arg,
		     const void *bytes, uint32_t size,
		     struct service_answer *answer)
{
	struct {
		struct sys_message m;
		uint8_t bytes[SYS_MESSAGE_MAX];
	} out = { .m = { .op = op, .arg = arg, .size = size } };
	int64_t deadline = now_ms() + s->timeout_ms;
	struct sys_message m;

	if (size > sizeof(out.bytes))
		return ERR_RANGE;
	if (size)
		memcpy(out.bytes, bytes, size);
	if (move(s->fd, POLLOUT, &out, sizeof(out.m) + size, deadline) != OK ||
	    move(s->fd, POLLIN, &m, sizeof(m), deadline) != OK)
		return ERR_HOST;
	/* What comes back may be a guest's: its size is not trusted. */
	if (m.op != op || m.size > SYS_MESSAGE_MAX) {
		say_error("the service's answer makes no sense");
		return ERR_FORMAT;
	}
	answer->result = m.result;
	answer->size = m.size;
	return move(s->fd, POLLIN, answer->bytes, m.size, deadline);
}

void service_end(struct service *s)
{
	struct timespec pause = { .tv_nsec = END_WAIT_NS };

	close(s->fd);
	if (!s->pid)
		return;
	for (int i = 0; i < END_TRIES; i++) {
		if (waitpid(s->pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&pause, NULL);
	}
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

/* SPDX-License-Identifier: MIT */
/* Tools as child processes: a crash or a leak is then a failed test. */
#include "tests/vectors/child.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char child_path[64];

static void die(const char *what)
{
	perror(what);
	abort();
}

static void child_main(const int out[2], const int err[2],
		       int (*run)(int argc, char **argv),
		       const char *const *arguments)
{
	char *argv[32];
	int argc = 0;

	for (; arguments[argc] && argc < 31; argc++)
		argv[argc] = strdup(arguments[argc]);
	argv[argc] = NULL;
	dup2(out[1], STDOUT_FILENO);
	dup2(err[1], STDERR_FILENO);
	close(out[0]);
	close(err[0]);
	alarm(30);
	argc = run(argc, argv);
	for (char **a = argv; *a; a++)
		free(*a);
	exit(argc);
}

/* Takes what has come; false at the end of the stream. */
static int drain(int fd, char *text, size_t size, size_t *used)
{
	char extra[4096];
	size_t room = size - 1 - *used;
	ssize_t got = room ? read(fd, text + *used, room)
			   : read(fd, extra, sizeof(extra));

	if (got > 0 && room)
		*used += (size_t)got;
	text[*used] = '\0';
	return got > 0;
}

static void child_listen(struct child *c, int out, int err)
{
	struct pollfd fds[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
	size_t out_used = 0, err_used = 0;

	while (fds[0].fd >= 0 || fds[1].fd >= 0) {
		if (poll(fds, 2, -1) < 0)
			die("poll");
		if (fds[0].revents &&
		    !drain(out, c->out, sizeof(c->out), &out_used))
			fds[0].fd = -1;
		if (fds[1].revents &&
		    !drain(err, c->err, sizeof(c->err), &err_used))
			fds[1].fd = -1;
	}
}

void child_run(struct child *c, int (*run)(int argc, char **argv),
	       const char *const *arguments)
{
	int out[2], err[2], status;
	pid_t pid;

	c->out[0] = c->err[0] = '\0';
	fflush(NULL);
	if (pipe(out) || pipe(err))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0)
		child_main(out, err, run, arguments);
	close(out[1]);
	close(err[1]);
	child_listen(c, out[0], err[0]);
	close(out[0]);
	close(err[0]);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

const char *child_file(const void *bytes, size_t size)
{
	FILE *f;
	int fd;

	child_file_remove();
	snprintf(child_path, sizeof(child_path), "/tmp/coir-test-XXXXXX");
	fd = mkstemp(child_path);
	f = fd < 0 ? NULL : fdopen(fd, "wb");
	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f))
		die("temporary file");
	return child_path;
}

void child_file_remove(void)
{
	if (child_path[0])
		unlink(child_path);
	child_path[0] = '\0';
}

/* SPDX-License-Identifier: MIT */
/* Children by argument vectors, their output by bounds. */
#include "tools/release/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/say.h"

#define READ_STEP  65536u
#define EXIT_START 127

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_START;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static enum err complain(const char *what)
{
	say_error("%s: %s", what, strerror(errno));
	return ERR_HOST;
}

static _Noreturn void child(char *const argv[], int to, bool silent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* A git that asks for a password must not hang unseen. */
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(to, STDOUT_FILENO) < 0 ||
	    (silent && dup2(null, STDERR_FILENO) < 0))
		_exit(EXIT_START);
	/* Words in the reader's language could not be parsed. */
	setenv("LC_ALL", "C", 1);
	execvp(argv[0], argv);
	_exit(EXIT_START);
}

/* One read; *done at the end of the output. */
static enum err read_some(int fd, struct run_output *o, size_t *room,
			  bool *done)
{
	ssize_t got;

	if (o->size > RUN_OUTPUT_MAX) {
		say_error("a program printed more than %u bytes",
			  RUN_OUTPUT_MAX);
		return ERR_RANGE;
	}
	if (*room - o->size < READ_STEP) {
		size_t more = *room ? *room * 2 : 2 * READ_STEP;
		char *text = realloc(o->text, more + 1);

		if (!text)
			return complain("memory");
		o->text = text;
		*room = more;
	}
	got = read(fd, o->text + o->size, *room - o->size);
	if (got < 0 && errno != EINTR)
		return complain("reading from a program");
	*done = got == 0;
	if (got > 0)
		o->size += (size_t)got;
	o->text[o->size] = '\0';
	return OK;
}

enum err run_capture(char *const argv[], bool silent, struct run_output *out)
{
	struct run_output o = { NULL, 0, 0 };
	bool done = false;
	size_t room = 0;
	enum err e = OK;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return complain("pipe");
	pid = fork();
	if (pid == 0)
		child(argv, ends[1], silent);
	close(ends[1]);
	if (pid < 0)
		e = complain(argv[0]);
	while (e == OK && !done)
		e = read_some(ends[0], &o, &room, &done);
	close(ends[0]);
	if (pid > 0 && e != OK)
		kill(pid, SIGTERM);
	if (pid > 0)
		o.status = wait_for(pid);
	if (e == OK && o.status == EXIT_START) {
		say_error("%s: cannot be run", argv[0]);
		e = ERR_HOST;
	}
	if (e == OK)
		*out = o;
	else
		free(o.text);
	return e;
}

void run_free(struct run_output *out)
{
	free(out->text);
	*out = (struct run_output){ NULL, 0, 0 };
}

enum err run_plain(char *const argv[], const char *folder, int *status)
{
	pid_t pid = fork();

	if (pid < 0)
		return complain(argv[0]);
	if (pid == 0) {
		if (chdir(folder) == 0)
			execvp(argv[0], argv);
		say_error("%s: %s", argv[0], strerror(errno));
		_exit(EXIT_START);
	}
	*status = wait_for(pid);
	return OK;
}

/* SPDX-License-Identifier: MIT */
/* What this machine can do: which QEMU, and whether KVM can nest AMD-V. */
#include "tools/coir-vm/probe.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/say.h"

#define HELP_MAX       (256u * 1024u)
/* A loaded machine may take long to map QEMU; a hang must end all the same. */
#define HELP_WAIT_MS   20000
/* The oldest QEMU that the emulator was made for. */
#define QEMU_MAJOR_MIN 7u
#define QEMU_MINOR_MIN 2u
#define EXEC_FAILED    127

/* True if a line of the help starts with this option. */
static bool offers(const char *help, const char *option)
{
	size_t length = strlen(option);

	for (const char *line = help; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, option, length) == 0 &&
		    (line[length] == ' ' || line[length] == '\n'))
			return true;
	}
	return false;
}

/* A part of a version, and what follows it. */
static bool number_take(const char **at, unsigned int *out)
{
	unsigned long v;
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	errno = 0;
	v = strtoul(*at, &end, 10);
	if (errno || v > UINT_MAX)
		return false;
	*out = (unsigned int)v;
	*at = end;
	return true;
}

enum err qemu_facts_parse(const char *help, struct qemu_facts *out)
{
	static const char title[] = "QEMU emulator version ";
	const char *at = help + sizeof(title) - 1;
	struct qemu_facts f = { .major = 0 };

	if (strncmp(help, title, sizeof(title) - 1) != 0 ||
	    !number_take(&at, &f.major) || *at != '.')
		return ERR_FORMAT;
	at++;
	if (!number_take(&at, &f.minor))
		return ERR_FORMAT;
	f.has_seed = offers(help, "-seed");
	f.has_icount = offers(help, "-icount");
	f.has_no_reboot = offers(help, "-no-reboot");
	*out = f;
	return OK;
}

/* The child's half of help_read; does not return. */
static _Noreturn void help_exec(const char *qemu, int out)
{
	if (dup2(out, STDOUT_FILENO) >= 0)
		execlp(qemu, qemu, "-help", (char *)NULL);
	_exit(EXEC_FAILED);
}

/* Reads to the end, the buffer's end, or the end of patience. */
static size_t drain(int fd, char *to, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t have = 0;

	while (have < size && poll(&p, 1, HELP_WAIT_MS) > 0) {
		ssize_t got = read(fd, to + have, size - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return have;
}

/* Whatever QEMU printed, terminated. False: it could not be run. */
static bool help_read(const char *qemu, char *to, size_t size)
{
	int ends[2], status = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		help_exec(qemu, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		to[drain(ends[0], to, size - 1)] = '\0';
		/* It has said all that counts; one that hangs must not stay. */
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	return pid > 0 &&
	       !(WIFEXITED(status) && WEXITSTATUS(status) == EXEC_FAILED);
}

enum err qemu_probe(const char *qemu, struct qemu_facts *out)
{
	char *help = calloc(1, HELP_MAX);
	enum err e = ERR_HOST;

	if (!help || !help_read(qemu, help, HELP_MAX)) {
		say_error("%s: cannot be run (is QEMU installed?)", qemu);
		free(help);
		return ERR_HOST;
	}
	e = qemu_facts_parse(help, out);
	free(help);
	if (e != OK) {
		say_error("%s: does not answer like QEMU", qemu);
		return e;
	}
	if (out->major > QEMU_MAJOR_MIN ||
	    (out->major == QEMU_MAJOR_MIN && out->minor >= QEMU_MINOR_MIN))
		return OK;
	say_error("%s: version %u.%u is too old, 7.2 is the first that works",
		  qemu, out->major, out->minor);
	return ERR_UNSUPPORTED;
}

const char *kvm_missing(const char *device, const char *nested)
{
	char on = '0';
	int fd;

	if (access(device, F_OK) != 0)
		return "this machine has no KVM (no /dev/kvm)";
	if (access(device, R_OK | W_OK) != 0)
		return "no permission to use /dev/kvm";
	if (!nested)
		return NULL;
	fd = open(nested, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return "KVM does not run on AMD-V here (module kvm_amd is "
		       "not loaded); use --accel tcg";
	if (read(fd, &on, 1) != 1)
		on = '0';
	close(fd);
	if (on == '1' || on == 'Y' || on == 'y')
		return NULL;
	return "KVM has nested AMD-V switched off (modprobe kvm_amd nested=1)";
}

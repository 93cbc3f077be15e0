/* SPDX-License-Identifier: MIT */
/* How a run ended, as coir-vm's exit status and in words. */
#include "tools/coir-vm/status.h"

#include <unistd.h>

#include "tools/coir-vm/vm.h"

/* Values at the exit port; below the first the guest chose them itself. */
#define PORT_GUEST_END 64
#define PORT_BAD_FILE  66
#define PORT_FIRST     VM_EXIT_TERMINATED
#define PORT_LAST      VM_EXIT_IDLE
#define QEMU_USAGE     1

#define TAIL_MAX 8192

static int port_status(int value)
{
	if (value < PORT_GUEST_END)
		return value;
	if (value == PORT_BAD_FILE)
		return VM_EXIT_BAD_FILE;
	if (value >= PORT_FIRST && value <= PORT_LAST)
		return value;
	return VM_EXIT_EMULATOR;
}

int status_of(const struct child_end *end, bool started)
{
	if (end->timed_out)
		return VM_EXIT_TIMEOUT;
	/* QEMU ends with 0 when it is told to end. */
	if (end->signal_sent)
		return VM_EXIT_SIGNAL + end->signal_sent;
	if (!end->exited)
		return VM_EXIT_NOT_STARTED;
	if (end->status == 0)
		return 0;
	if (end->status % 2 == 0 || (end->status == QEMU_USAGE && !started))
		return VM_EXIT_NOT_STARTED;
	return port_status(end->status / 2);
}

unsigned int status_log_lines(int status)
{
	if (status == VM_EXIT_BAD_FILE)
		return 1;
	/* The sentence, the registers, the code and the stack. */
	return status >= PORT_FIRST && status <= PORT_LAST ? 20 : 0;
}

const char *status_words(int status)
{
	switch (status) {
	case VM_EXIT_TERMINATED:
		return "the guest asked to be ended";
	case VM_EXIT_VIOLATION:
		return "the guest broke a rule of SEV-SNP and was stopped";
	case VM_EXIT_SHUTDOWN:
		return "the guest shut down (triple fault)";
	case VM_EXIT_EMULATOR:
		return "the emulator failed";
	case VM_EXIT_IDLE:
		return "every processor waits and nothing can wake one";
	case VM_EXIT_TIMEOUT:
		return "time is up, the machine was ended";
	case VM_EXIT_NOT_STARTED:
		return "QEMU did not start, or was killed";
	default:
		return NULL;
	}
}

static size_t tail_start(const char *text, size_t size, unsigned int lines)
{
	size_t at = size;

	/* The newline that ends the text ends the last line; not a line more. */
	if (at && text[at - 1] == '\n')
		at--;
	while (at) {
		if (text[at - 1] == '\n' && --lines == 0)
			break;
		at--;
	}
	return at;
}

void log_tail(int log, unsigned int lines, FILE *to)
{
	char text[TAIL_MAX];
	off_t size = lseek(log, 0, SEEK_END);
	off_t from = size > TAIL_MAX ? size - TAIL_MAX : 0;
	ssize_t got = size > 0 ? pread(log, text, sizeof(text), from) : 0;
	int last = '\n';

	if (got <= 0 || !lines)
		return;
	for (size_t i = tail_start(text, (size_t)got, lines); i < (size_t)got;
	     i++) {
		int c = (unsigned char)text[i];

		if (c == '\r')
			continue;
		last = c < ' ' && c != '\n' && c != '\t' ? '?' : c;
		fputc(last, to);
	}
	if (last != '\n')
		fputc('\n', to);
}

/* SPDX-License-Identifier: MIT */
/* The QEMU command line of the emulated machine. */
#pragma once

#include "tools/coir-vm/probe.h"
#include "tools/coir-vm/vm.h"

#define COMMAND_WORDS_MAX 1024u

/* Words of one program call, as execvp takes them. */
struct command {
	char *words[COMMAND_WORDS_MAX + 1]; /* owned, NULL at the end */
	size_t count;
	bool failed; /* no memory, or too many words */
};

/* Paths as QEMU is to see them; not always those of the user. */
struct command_paths {
	const char *image, *log;
	const char *services; /* native only; NULL: none */
	uint64_t image_size;
};

/* ERR_NOMEM: out of memory or too many words; nothing is held then. */
must_check enum err command_make(const struct vm_options *vm,
				 const struct qemu_facts *qemu,
				 const struct command_paths *paths,
				 struct command *out);
void command_free(struct command *command);

/* QEMU's memory for a guest of this size: the emulator needs some itself. */
uint64_t command_memory(uint64_t guest, uint64_t image);

/* True if QEMU would misread the path as a list or as a command line. */
bool command_path_unsafe(const char *path);

/* The emulator option that holds blanks; there can be only one. */
bool command_is_rest(const char *option);

/* To stderr, quoted for a shell. */
void command_print(const struct command *command);

/* SPDX-License-Identifier: MIT */
/* The files of a run: image, emulator, log. */
#include "tools/coir-vm/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/str.h"
#include "tools/coir-vm/command.h"
#include "tools/common/place.h"
#include "tools/common/say.h"

#define EMU_NAME "emu.bin"

static enum err complain(const char *path)
{
	say_error("%s: %s", path, strerror(errno));
	return ERR_HOST;
}

static enum err path_set(struct run_file *out, const char *path)
{
	if (str_copy(out->path, sizeof(out->path), path) == OK)
		return OK;
	errno = ENAMETOOLONG;
	return complain(path);
}

static void path_of_fd(struct run_file *out)
{
	snprintf(out->path, sizeof(out->path), "/proc/self/fd/%d", out->fd);
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		size -= (size_t)put;
	}
	return true;
}

enum err run_image(const char *path, const struct file_bytes *file,
		   struct run_file *out)
{
	struct stat st;

	out->fd = -1;
	if (!command_path_unsafe(path) && stat(path, &st) == 0 &&
	    S_ISREG(st.st_mode))
		return path_set(out, path);
	out->fd = memfd_create("igvm", 0);
	if (out->fd < 0 || !write_all(out->fd, file->bytes, file->size))
		return complain(path);
	path_of_fd(out);
	return OK;
}

static int nameless_file(void)
{
	const char *folder = getenv("TMPDIR");
	char name[FILES_PATH_MAX];
	int fd;

	snprintf(name, sizeof(name), "%s/coir-vm.XXXXXX",
		 folder && *folder ? folder : "/tmp");
	fd = mkstemp(name);
	if (fd >= 0)
		unlink(name);
	return fd;
}

enum err run_log(const char *path, struct run_file *out)
{
	if (path)
		out->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
			       0666);
	else
		out->fd = nameless_file();
	if (out->fd < 0)
		return complain(path ? path : "temporary file for the log");
	if (path)
		return path_set(out, path);
	path_of_fd(out);
	return OK;
}

enum err run_emulator(const char *path, struct run_file *out)
{
	enum err e;

	out->fd = -1;
	if (path) {
		e = path_set(out, path);
		if (e == OK && access(out->path, R_OK) != 0)
			e = ERR_ABSENT;
	} else {
		e = place_find(EMU_NAME, out->path);
	}
	if (e != ERR_ABSENT)
		return e;
	say_error("%s: %s (the emulator; see --emu)",
		  out->path[0] ? out->path : EMU_NAME, strerror(errno));
	return ERR_HOST;
}

void run_file_close(struct run_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

/* SPDX-License-Identifier: MIT */
/* Whole files in and out of memory. */
#include "tools/common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/common/say.h"

#define READ_STEP 65536u

/* errno still holds the reason when this is called. */
static enum err complain(const char *path, const char *what)
{
	say_error("%s: %s: %s", path, what, strerror(errno));
	return ERR_HOST;
}

/* Makes room for at least one more read; the extra byte is the terminator. */
static enum err grow(struct file_bytes *f, size_t *room)
{
	size_t more = *room ? *room * 2 : READ_STEP;
	uint8_t *bytes;

	if (f->size < *room)
		return OK;
	bytes = realloc(f->bytes, more + 1);
	if (!bytes)
		return ERR_NOMEM;
	f->bytes = bytes;
	*room = more;
	return OK;
}

/* Reads to the end and checks the limit as it goes: a pipe may never end. */
static enum err read_all(int fd, const char *path, uint64_t limit,
			 struct file_bytes *f)
{
	struct stat st;
	size_t room = 0;

	/* The size is a hint only: the file may grow, and pipes have none. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uint64_t)st.st_size <= limit) {
		room = (size_t)st.st_size + 1;
		f->bytes = malloc(room + 1);
		if (!f->bytes)
			return complain(path, "read");
	}
	for (;;) {
		ssize_t got;

		if (grow(f, &room) != OK)
			return complain(path, "read");
		got = read(fd, f->bytes + f->size, room - f->size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return complain(path, "read");
		if (got == 0)
			break;
		f->size += (size_t)got;
		if (f->size > limit) {
			say_error("%s: larger than %llu bytes", path,
				  (unsigned long long)limit);
			return ERR_RANGE;
		}
	}
	f->bytes[f->size] = 0;
	return OK;
}

enum err file_read(const char *path, uint64_t limit, struct file_bytes *out)
{
	struct file_bytes f = { NULL, 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e;

	if (fd < 0)
		return complain(path, "open");
	e = read_all(fd, path, limit, &f);
	close(fd);
	if (e == OK)
		*out = f;
	else
		free(f.bytes);
	return e;
}

void file_free(struct file_bytes *file)
{
	free(file->bytes);
	*file = (struct file_bytes){ NULL, 0 };
}

static enum err write_all(int fd, const char *path, const uint8_t *bytes,
			  size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return complain(path, "write");
		bytes += put;
		size -= (size_t)put;
	}
	return OK;
}

/* A device has no name to be replaced by a finished file. */
static enum err write_straight(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	enum err e;

	if (fd < 0)
		return complain(path, "open");
	e = write_all(fd, path, bytes, size);
	if (close(fd) != 0 && e == OK)
		e = complain(path, "close");
	return e;
}

static enum err write_named(const char *path, char *temporary,
			    const void *bytes, size_t size)
{
	int fd = mkstemp(temporary);
	mode_t mask = umask(0);
	enum err e;

	umask(mask);
	if (fd < 0)
		return complain(path, "create");
	e = write_all(fd, path, bytes, size);
	/* mkstemp makes a private file; give it the mode others would get. */
	if (e == OK && fchmod(fd, 0666 & ~mask) != 0)
		e = complain(path, "chmod");
	if (close(fd) != 0 && e == OK)
		e = complain(path, "close");
	if (e == OK && rename(temporary, path) != 0)
		e = complain(path, "rename");
	if (e != OK)
		unlink(temporary);
	return e;
}

enum err file_write(const char *path, const void *bytes, size_t size)
{
	static const char suffix[] = ".XXXXXX";
	struct stat st;
	size_t length = strlen(path);
	char *temporary;
	enum err e;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_straight(path, bytes, size);
	temporary = malloc(length + sizeof(suffix));
	if (!temporary)
		return complain(path, "create");
	memcpy(temporary, path, length);
	memcpy(temporary + length, suffix, sizeof(suffix));
	e = write_named(path, temporary, bytes, size);
	free(temporary);
	return e;
}

/* SPDX-License-Identifier: MIT */
/* Coir's own files, found from this program. */
#include "tools/common/place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = { "", "../", "../lib/coir/" };

enum err place_find(const char *name, char path[PLACE_PATH_MAX])
{
	char self[PLACE_PATH_MAX];
	/* What runs, whatever name it was called by. */
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self));
	size_t i;

	path[0] = '\0';
	if (length <= 0 || (size_t)length >= sizeof(self))
		return ERR_ABSENT;
	while (length && self[length - 1] != '/')
		length--;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int used = snprintf(path, PLACE_PATH_MAX, "%.*s%s%s",
				    (int)length, self, places[i], name);

		if (used < 0 || used >= (int)PLACE_PATH_MAX) {
			errno = ENAMETOOLONG;
			return ERR_ABSENT;
		}
		if (access(path, R_OK) == 0)
			return OK;
	}
	return ERR_ABSENT;
}

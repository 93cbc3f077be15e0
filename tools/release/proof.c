/* SPDX-License-Identifier: MIT */
/* Checks: run, or on record. */
#include "tools/release/proof.h"

#include <stdio.h>
#include <string.h>

#include "tools/common/file.h"
#include "tools/common/say.h"
#include "tools/release/run.h"

#define RECORD_MAX 4096u

enum err proof_run(const char *program, const char *top,
		   char line[PROOF_LINE_MAX])
{
	char *const argv[] = { (char *)program, NULL };
	int status;
	enum err e = run_plain(argv, top, &status);

	if (e != OK)
		return e;
	if (status != 0) {
		say_error("%s: status %d: the checks fail", program, status);
		return ERR_STATE;
	}
	snprintf(line, PROOF_LINE_MAX, "Checks: `%.64s` passed\n", program);
	return OK;
}

/* Exactly the two lines; sscanf's %n tells that nothing follows. */
static enum err judge(const char *text, const char *head, unsigned int *passed)
{
	char hash[128];
	unsigned int failed;
	int used = 0;

	if (sscanf(text, "commit %127[0-9a-f]\nresult %9u passed, %9u failed%n",
		   hash, passed, &failed, &used) != 3 ||
	    strcmp(text + used, "\n") != 0)
		return ERR_FORMAT;
	return strcmp(hash, head) == 0 && *passed && !failed ? OK : ERR_STATE;
}

enum err proof_read(const char *path, const char *head,
		    char line[PROOF_LINE_MAX])
{
	struct file_bytes file;
	unsigned int passed;
	enum err e = file_read(path, RECORD_MAX, &file);

	if (e != OK)
		return e;
	e = judge((const char *)file.bytes, head, &passed);
	file_free(&file);
	if (e != OK) {
		say_error("%s: no record that all checks passed for this "
			  "commit",
			  path);
		return ERR_STATE;
	}
	snprintf(line, PROOF_LINE_MAX, "Checks: %u passed, 0 failed\n", passed);
	return OK;
}

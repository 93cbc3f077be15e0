/* SPDX-License-Identifier: MIT */
/*
 * Commits as the release process sees them: is it a fix, and whom does it
 * concern. Parses what git.c asked git for; everything in a commit was written by
 * somebody else, so nothing in it may pass for our own marks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

#define COMMIT_HASH_SIZE 65u /* SHA-256 repositories, too */
#define COMMIT_SHORT	 12

/* What a commit touches; a set. */
enum commit_room {
	COMMIT_DOCS = 1,
	COMMIT_TESTS = 2,
	COMMIT_TOOLS = 4, /* beside the image: tools, emulator, scripts */
	COMMIT_IMAGE = 8, /* what the launch image is made of */
};

/* In the order of the trouble they make. */
enum impact {
	IMPACT_IMAGE, /* images built before go on working as they are */
	IMPACT_GUEST, /* images are built anew; guests notice nothing */
	IMPACT_BREAKING,
};

struct commit {
	const char *hash;
	int64_t time; /* committer's, seconds since 1970 */
	const char *subject;
	const char *fixes;  /* values of the trailer Fixes:, "" if none */
	const char *impact; /* Impact: */
	const char *freeze; /* Freeze: */
	unsigned int rooms;
};

struct commits {
	struct commit *list; /* newest first */
	size_t count;
	char *text; /* what the strings point into */
};

/*
 * The format for git log that commits_parse reads, with --name-only: one line
 * with byte 1, hash, time; then subject, Fixes, Impact, Freeze by position, so
 * that no subject can be taken for a mark; then paths, quoted by git.
 */
#define COMMIT_FORMAT                                              \
	"%x01%H %ct%n%s%n%(trailers:key=Fixes,valueonly,"          \
	"separator=%x20,unfold)%n%(trailers:key=Impact,valueonly," \
	"separator=%x20,unfold)%n%(trailers:key=Freeze,valueonly," \
	"separator=%x20,unfold)"

/*
 * Takes text over (malloc'd, size bytes and a zero), whatever comes out.
 * ERR_FORMAT: not what git prints for COMMIT_FORMAT.
 */
must_check enum err commits_parse(char *text, size_t size, struct commits *out);
void commits_free(struct commits *c);

/* Which room a path of the tree belongs to. */
enum commit_room commit_room_of(const char *path);

/* A trailer `Fixes:`, or docs and tests only; a commit without files, too. */
bool commit_is_fix(const struct commit *c);

/*
 * The trailer `Impact:` may say more than the paths do, never less. *note: why
 * its word was not taken, or NULL.
 */
enum impact commit_impact(const struct commit *c, const char **note);

/* "GUEST-COMPATIBLE" and so on. */
const char *impact_word(enum impact impact);

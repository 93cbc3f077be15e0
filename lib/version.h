/* SPDX-License-Identifier: MIT */
/*
 * Which Coir this is: the release's name, or `devel+commits.hash` of a commit
 * between releases (scripts/version.sh). A string of 1 to 63 characters out of
 * A-Z a-z 0-9 . + - and a zero byte. It lives in one object of each program, so
 * that another commit rebuilds that object and links again, no more.
 */
#pragma once

extern const char coir_version[];

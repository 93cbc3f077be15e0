/* SPDX-License-Identifier: MIT */
/*
 * Flushes under load: shoot=ROUNDS cpus=N on the command line. A page is mapped,
 * read by all CPUs, unmapped, flushed, and then filled with poison: who reads
 * poison through the old address has an old translation. blind=1 leaves the flush
 * out, as proof that this is seen. rest=1: CPUs sleep when they have read, in all
 * but each 64th round, and flush when they are woken for the next.
 */
#pragma once

void shoot_test(const char *rounds);
